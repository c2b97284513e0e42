/*
 * What was thrown, as text. Anything can be thrown: an object without a prototype, or one whose fields throw, has no text.
 */

const unreadable = 'a value that has no text';

/** The message of an error, or the text of whatever else was thrown. */
export function thrownMessage(thrown: unknown): string {
  return readable(() => (thrown instanceof Error ? thrown.message : thrown));
}

/** The stack of an error, or the text of whatever else was thrown. */
export function thrownStack(thrown: unknown): string {
  return readable(() => (thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown));
}

function readable(read: () => unknown): string {
  try {
    return String(read());
  } catch {
    return unreadable;
  }
}
