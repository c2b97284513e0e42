import { PlateauError } from '../model/errors.js';
import { identityOf, isRunning, ownIdentity, type ProcessIdentity } from '../platform/process-identity.js';

/**
 * The runner that started this process and waits for it, by a channel of Node or as `node --test`. Absent where anything else did:
 * a shell may end before what it started, on purpose.
 */
const runner: ProcessIdentity | undefined =
  process.connected || process.env.NODE_TEST_CONTEXT !== undefined ? identityOf(process.ppid) : undefined;

/** Who waits for a verdict: the process of the test, and its runner. */
export const waitingProcesses: readonly ProcessIdentity[] = [ownIdentity(), ...(runner === undefined ? [] : [runner])];

/** A run of a test takes seconds or minutes: it is to end soon after those who wait for it. */
const lookIntervalMs = 500;

/** @throws {PlateauError} where nobody waits for the verdict of a further test */
export function assertRunnerLives(): void {
  if (runner === undefined || isRunning(runner)) return;
  throw new PlateauError(
    'PLATEAU_INTERNAL',
    `toPlateau: expected a test runner, got none: process ${runner.pid} ended.`,
    {
      hint: 'run the tests again',
    },
  );
}

/**
 * Aborted once one of those has ended who wait for the verdict. A runner that is killed does not end its processes, and the end of
 * their channel wakes nobody who is busy with a test.
 */
export function whileAwaited(waiting: readonly ProcessIdentity[]): AbortSignal {
  const ended = new AbortController();
  const look = () => {
    if (waiting.every(isRunning)) return;
    clearInterval(looks);
    ended.abort();
  };
  const looks = setInterval(look, lookIntervalMs).unref();
  look();
  return ended.signal;
}
