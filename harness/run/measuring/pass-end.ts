import { quantity } from '../../analyse/findings/quantity.js';
import { PlateauError } from '../../model/errors.js';
import { informativeLine } from '../../model/informative-line.js';
import type { AgentConnection, TargetExit } from '../../model/target.js';
import type { RunEnd } from '../../model/verdict.js';
import type { Clock } from '../../platform/clock.js';
import { closeOverDescendants, readProcessTable } from '../../platform/process-tree.js';
import type { OutsideProbe } from '../../sample/outside/outside-probe.js';
import { foregroundHint } from '../../target/start-failure.js';
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

/** What a target did that ends a run: it died, waits for something, or its event loop is blocked. */
export type TargetEnd = 'crashed' | 'waits' | 'blocked';

/** A target that died or hangs is a verdict, not a fault of plateau. */
export async function endedByTarget(
  error: unknown,
  { target, probe }: Session,
  recorder: Recorder,
  clock: Clock,
): Promise<TargetEnd | undefined> {
  if (!(error instanceof PlateauError)) return undefined;
  if (error.code === 'PLATEAU_TARGET_CRASHED') {
    // The agent's silence comes before the system shows how the process ended.
    const exit = await Promise.race([target.exited, clock.wait(exitTimeoutMs)]);
    const { message, hint } = exit === undefined ? error : crashError(exit, probe?.killedForMemory());
    const lastLines = target.lastLines();
    const line = informativeLine(lastLines);
    const detail = line === undefined ? message : `${message}: ${line}`;
    recorder.event({ event: 'crashed', detail, ...(hint !== undefined && { hint }), lastLines });
    end(recorder, 'crashed', clock);
    return 'crashed';
  }
  if (error.code !== 'PLATEAU_TARGET_UNRESPONSIVE') return undefined;
  const stopped = stoppedProcess(target.pid);
  const isBlocked = target.agent === undefined ? undefined : await loopIsBlocked(target.agent);
  const loop = isBlocked === undefined ? [] : [`its event loop is ${isBlocked ? 'blocked' : 'free'}`];
  const state =
    stopped === undefined ? loop : [`process ${stopped} was stopped from outside, by SIGSTOP or a debugger`];
  recorder.event({ event: 'stalled', round: recorder.round, detail: [error.message, ...state].join('; ') });
  end(recorder, 'stalled', clock);
  return isBlocked ? 'blocked' : 'waits';
}

/** Of a target and what it started: one that the system lets do nothing until it is continued. */
function stoppedProcess(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined;
  const table = readProcessTable();
  const members = closeOverDescendants(table, [pid]).keys();
  return [...members].find((member) => ['T', 't'].includes(table.get(member)?.state ?? ''));
}

/** Whether a target that hangs is held up itself, or waits for something. */
function loopIsBlocked(agent: AgentConnection): Promise<boolean> {
  return agent.request('pending', {}, { timeoutMs: loopAnswerMs }).then(
    () => false,
    () => true,
  );
}

/** @param forMemory what the kernel shows, where it killed in the target's control group */
export function crashError(
  { exitCode, signal }: TargetExit,
  forMemory?: ReturnType<OutsideProbe['killedForMemory']>,
): PlateauError {
  if (signal === 'SIGKILL' && forMemory !== undefined) {
    const { limitBytes } = forMemory;
    const limit = limitBytes === undefined ? '' : `, which may have ${quantity(limitBytes, 'B')}`;
    const message = `the target was killed for memory in mid-run (SIGKILL; the kernel counts it in its control group${limit})`;
    return new PlateauError('PLATEAU_TARGET_CRASHED', message, {
      hint: 'give it more memory, or drive it more slowly, so that what grows is decided before',
    });
  }
  const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  return new PlateauError('PLATEAU_TARGET_CRASHED', `the target ended in mid-run with ${how}`, {
    hint: exitCode === 0 ? foregroundHint : 'see what it printed last',
  });
}
