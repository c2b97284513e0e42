import { PlateauError } from '../model/errors.js';
import { informativeLine } from '../model/informative-line.js';
import type { TargetExit } from '../model/target.js';
import { systemClock } from '../platform/clock.js';

/** The agent's connection closes before the system reports how the process ended. */
const exitTimeoutMs = 2_000;

/** Of a target that ended as if its work was done: mostly it went on in the background. */
export const foregroundHint =
  'give a command that stays in the foreground, and code that does not end its process: what goes on elsewhere is not watched';

/** @param problem what the target did, after "the target" */
export function startError(problem: string, lastLines: readonly string[], hint: string): PlateauError {
  const line = informativeLine(lastLines);
  const said = line === undefined ? '; it printed nothing' : `: ${line}`;
  return new PlateauError('PLATEAU_TARGET_START', `the target ${problem}${said}`, { hint, lastLines });
}

export function endedError(exit: Pick<TargetExit, 'exitCode' | 'signal'>, lastLines: readonly string[]): PlateauError {
  const { exitCode, signal } = exit;
  const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  const hint = exitCode === 0 ? foregroundHint : 'read its last lines, or start it by itself';
  return startError(`ended before it was ready (${how})`, lastLines, hint);
}

interface FailedTarget {
  readonly exited: Promise<TargetExit>;
  lastLines(): readonly string[];
}

/**
 * What is reported where a target failed before the first cycle: how it ended and what it printed, where that is known.
 * @returns the error itself where it says more
 */
export async function startFailure(error: unknown, { exited, lastLines }: FailedTarget): Promise<unknown> {
  const code = error instanceof PlateauError ? error.code : undefined;
  if (code !== 'PLATEAU_TARGET_CRASHED' && code !== 'PLATEAU_TARGET_UNRESPONSIVE') return error;
  const exit = await Promise.race([exited, systemClock.wait(exitTimeoutMs)]);
  if (exit !== undefined) return endedError(exit, lastLines());
  const { message, hint = 'start it by itself to see why' } = error as PlateauError;
  return new PlateauError('PLATEAU_TARGET_START', message, { hint, lastLines: lastLines(), cause: error });
}
