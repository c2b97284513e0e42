import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { faultExitCode, usageExitCode } from '../model/exit-codes.js';
import { userPlace } from '../platform/own-code.js';

let isLeaving = false;
/** Standard descriptors that were a terminal at the start: one that was closed meanwhile is none any more. */
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));

/**
 * The one way out of this process. Node crashes at its exit where it cannot restore a terminal that was closed: there, the
 * signal ends it, after all that listens for an exit was called.
 */
export function leave(code: number): never {
  isLeaving = true;
  if (!terminals.every((descriptor) => isatty(descriptor))) {
    process.emit('exit', code);
    process.removeAllListeners('SIGHUP');
    process.kill(process.pid, 'SIGHUP');
  }
  process.exit(code);
}

/**
 * Modules of the user's run in this process too. One that ends it must not pass as a verdict: an exit code of 0 means that
 * everything levels off, and 1 means a leak. Nothing can be awaited any more, so the message is written at once.
 */
export function guardExit(): void {
  process.on('exit', (code) => {
    if (isLeaving) return;
    const place = userPlace(new Error('exit').stack ?? '');
    process.exitCode = place === undefined ? faultExitCode : usageExitCode;
    const message =
      place === undefined
        ? `plateau ended before it was done (exit code ${code}).\nPLATEAU_INTERNAL\n`
        : `The scenario: expected code that leaves plateau running, got process.exit(${code}) at ${place}.\nTry: throw an error there, or run that code in the target; \`plateau analyse latest\` judges what was measured\nPLATEAU_INVALID_SCENARIO\n`;
    try {
      writeSync(2, message);
    } catch {
      // Closed, or full: the exit code counts.
    }
  });
}
