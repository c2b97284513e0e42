import { PlateauError } from '../model/errors.js';
import { identityOf, isRunning, type ProcessIdentity } from '../platform/process-identity.js';

/**
 * The runner that started this process and waits for it, by a channel of Node or as `node --test`. Absent where anything else did:
 * a shell may end before what it started, on purpose.
 */
export const testRunner: ProcessIdentity | undefined =
  process.connected || process.env.NODE_TEST_CONTEXT !== undefined ? identityOf(process.ppid) : undefined;

/** A run of a test takes seconds or minutes: it is to end soon after its runner. */
const lookIntervalMs = 500;

/** @throws {PlateauError} where nobody waits for the verdict of a further test */
export function assertRunnerLives(): void {
  if (testRunner === undefined || isRunning(testRunner)) return;
  throw new PlateauError(
    'PLATEAU_INTERNAL',
    `toPlateau: expected a test runner, got none: process ${testRunner.pid} ended.`,
    {
      hint: 'run the tests again',
    },
  );
}

/**
 * Aborted once the runner has ended: nobody waits for the verdict any more. A runner that is killed does not end its processes, and
 * the end of their channel wakes nobody who is busy with a test.
 */
export function untilRunnerEnds(runner: ProcessIdentity | undefined): AbortSignal {
  const ended = new AbortController();
  const look = () => {
    if (runner === undefined || isRunning(runner)) return;
    clearInterval(looks);
    ended.abort();
  };
  const looks = setInterval(look, lookIntervalMs).unref();
  look();
  return ended.signal;
}
