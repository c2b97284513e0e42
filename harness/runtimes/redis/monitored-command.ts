export interface MonitoredCommand {
  readonly database: number;
  /** In capitals. */
  readonly command: string;
  /** What follows the command, as bytes, one a character. */
  readonly words: readonly string[];
}

/** `1339518083.107412 [0 127.0.0.1:60866] "LTRIM" "feed:12" "0" "20"`; commands of scripts have `lua` for the address. */
const monitored = /^[\d.]+ \[(\d+) [^\]]*\] "([^"\\]+)"/;
const quoted = /"((?:[^"\\]|\\.)*)"/g;
const escaped = /\\(?:x([\da-f]{2})|(.))/gi;
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b' };

/**
 * Reads a line that MONITOR sends. Most are of no interest, so that their words are not read.
 * @param wanted commands, in capitals
 */
export function monitoredCommand(
  line: string,
  wanted: { has(command: string): boolean },
): MonitoredCommand | undefined {
  const [head, database, name] = monitored.exec(line) ?? [];
  const command = name?.toUpperCase() ?? '';
  if (head === undefined || !wanted.has(command)) return undefined;
  const words = Array.from(line.slice(head.length).matchAll(quoted), ([, word]) => unescaped(word!));
  return { database: Number(database), command, words };
}

function unescaped(word: string): string {
  return word.replace(escaped, (_, code: string | undefined, letter: string) =>
    code === undefined ? (controls[letter] ?? letter) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}
