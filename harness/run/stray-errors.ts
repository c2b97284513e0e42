import { fileURLToPath } from 'node:url';
import { takeStrayErrors } from '../platform/stray-errors.js';

const ownDirectory = fileURLToPath(new URL('..', import.meta.url));

/**
 * From when a run's load is over until the next one begins, an error that nobody caught is the scenario's: its client still
 * holds connections to a target that ends. It is a warning then, since all that is judged was measured.
 */
export function warnOfStrayErrors(warn: (message: string) => void): void {
  takeStrayErrors((error) => {
    if (isOwn(error)) return false;
    const message = error instanceof Error ? error.message : String(error);
    warn(`the scenario threw after its load had ended, and nobody caught it: ${message}; what was measured is judged`);
    return true;
  });
}

/** While cycles are driven, such an error ends plateau: which of them it has spoiled is not known. */
export function failOnStrayErrors(): void {
  takeStrayErrors(undefined);
}

/** Thrown by plateau itself: the first frame that is not Node's lies in its own code. */
function isOwn(error: unknown): boolean {
  const frames = (error instanceof Error ? (error.stack ?? '') : '').split('\n').filter((line) => /^\s+at /.test(line));
  const first = frames.find((frame) => !frame.includes('node:') && !frame.includes('<anonymous>'));
  return first?.includes(ownDirectory) ?? false;
}
