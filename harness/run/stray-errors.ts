import { PlateauError } from '../model/errors.js';
import { thrownMessage, thrownStack } from '../model/thrown.js';
import { isOwnFrame, userPlace } from '../platform/own-code.js';
import { takeStrayErrors } from '../platform/stray-errors.js';

/**
 * From when a run's load is over until the next one begins, an error that nobody caught is the scenario's: its client still
 * holds connections to a target that ends. It is a warning then, since all that is judged was measured.
 */
export function warnOfStrayErrors(warn: (message: string) => void): void {
  takeStrayErrors((error) => {
    if (isOwn(error)) return false;
    warn(
      `the scenario threw after its load had ended, and nobody caught it: ${thrownMessage(error)}; what was measured is judged`,
    );
    return true;
  });
}

/** A client may notice that its target is gone before the system shows that it ended, or before it has written its memory to disk. */
const exitMsMax = 1_000;

/**
 * While cycles are driven, such an error ends plateau: which of them it has spoiled is not known. Where the target ends with
 * it, that is what is reported, and the error of the client that lost it is a warning.
 * @param exited resolves when the target has ended; absent before it was started
 */
export function failOnStrayErrors(exited?: Promise<unknown>, warn?: (message: string) => void): void {
  takeStrayErrors((error) => {
    if (exited === undefined || isOwn(error)) return false;
    const timer = setTimeout(() => {
      takeStrayErrors(undefined);
      throw error;
    }, exitMsMax);
    void exited.then(() => {
      clearTimeout(timer);
      warn?.(`the scenario threw as its target ended, and nobody caught it: ${thrownMessage(error)}`);
    });
    return true;
  });
}

/** An error that nobody caught, as what it is: one of the scenario where its stack leads there, or where plateau throws no such value. */
export function strayProblem(error: unknown): unknown {
  const place = userPlace(thrownStack(error));
  if (error instanceof PlateauError || isOwn(error) || (error instanceof Error && place === undefined)) return error;
  const where = place === undefined ? '' : ` at ${place}`;
  return new PlateauError(
    'PLATEAU_INVALID_SCENARIO',
    `The scenario threw, and nobody caught it: ${thrownMessage(error)}${where}.`,
    { hint: 'catch it there, or await what rejects; `plateau analyse latest` judges what was measured', cause: error },
  );
}

/** Thrown by plateau itself: the first frame that is not Node's lies in its own code. */
function isOwn(error: unknown): boolean {
  const frames = thrownStack(error)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  const first = frames.find((frame) => !frame.includes('node:') && !frame.includes('<anonymous>'));
  return first !== undefined && isOwnFrame(first);
}
