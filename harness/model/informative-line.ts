/** How runtimes and servers begin the line that says what went wrong. */
const problem = /\b(?:[A-Z]\w*(?:Error|Exception)\b|error\b|fatal\b|panic\b|EADDRINUSE|cannot\b|failed\b|denied\b)/i;

/** The line of a program's last output that says most about its end; `undefined` where it printed nothing. */
export function informativeLine(lines: readonly string[]): string | undefined {
  const printed = lines.map((line) => line.trim()).filter((line) => line !== '');
  // Node throws "new ERR_...(" from its own source before it shows the error.
  return printed.find((line) => problem.test(line) && !line.startsWith('throw ')) ?? printed.at(-1);
}
