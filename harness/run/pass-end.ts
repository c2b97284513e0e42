import { PlateauError } from '../model/errors.js';
import type { RunEnd } from '../model/run-log.js';
import type { RunningTarget, TargetExit } from '../model/target.js';
import type { Clock } from '../platform/clock.js';
import type { Recorder } from './recorder.js';
import type { Session } from './session.js';

const exitTimeoutMs = 2_000;
/** An event loop that is not blocked answers in far less. */
const loopAnswerMs = 2_000;

/** The last that is noted of a pass. */
export function end(recorder: Recorder, reason: RunEnd, clock: Clock): void {
  recorder.summarise();
  recorder.event({ event: 'end', reason, endedAt: new Date(clock.epochMs()).toISOString() });
}

/** A target that died or hangs is a verdict, not a fault of plateau. */
export async function endedByTarget(
  error: unknown,
  { target }: Session,
  recorder: Recorder,
  clock: Clock,
): Promise<boolean> {
  if (!(error instanceof PlateauError)) return false;
  if (error.code === 'PLATEAU_TARGET_CRASHED') {
    // The agent's silence comes before the system tells how the process ended.
    const exit = await Promise.race([target.exited, clock.wait(exitTimeoutMs)]);
    const detail = exit === undefined ? error.message : crashError(exit).message;
    recorder.event({ event: 'crashed', detail, lastLines: target.lastLines() });
    end(recorder, 'crashed', clock);
    return true;
  }
  if (error.code !== 'PLATEAU_TARGET_UNRESPONSIVE') return false;
  const detail = [error.message, ...(await loopState(target))].join('; ');
  recorder.event({ event: 'stalled', round: recorder.round, detail });
  end(recorder, 'stalled', clock);
  return true;
}

/** Whether a target that hangs waits for something or is held up itself. */
async function loopState({ agent }: RunningTarget): Promise<readonly string[]> {
  if (agent === undefined) return [];
  const answered = agent.request('pending', {}, { timeoutMs: loopAnswerMs });
  return [
    await answered.then(
      () => 'its event loop is free',
      () => 'its event loop is blocked',
    ),
  ];
}

export function crashError({ exitCode, signal }: TargetExit): PlateauError {
  const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  return new PlateauError('PLATEAU_TARGET_CRASHED', `the target ended in mid-run with ${how}`, {
    hint: 'its output is in target.log in the run directory',
  });
}
