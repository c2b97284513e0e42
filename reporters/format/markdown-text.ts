import { codeSpans } from './code-spans.js';
import { inert, printable, printableCommand } from './printable.js';

const wordJoiner = '\u2060';

/** Text that Markdown and the HTML in it leave alone: no markup, no list, no mention, no link. */
export function plain(text: string, limit = 500): string {
  return inert(text, limit)
    .replace(/[\\`*_{}[\]#|~$^]/g, '\\$&')
    .replace(/^(\d*)([-+.)])(?=\s)/, '$1\\$2')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/(?<!\w)@(?=\w)/g, `@${wordJoiner}`)
    .replace(/:\/\//g, `:${wordJoiner}//`);
}

/** Inline code with a fence longer than any run of backticks in it; a fence around nothing would begin code that others end. */
export function code(text: string, limit = 500): string {
  return fenced(printable(text, limit));
}

/** A command whole, since it is there to be run. */
export function commandCode(command: string): string {
  return fenced(printableCommand(command));
}

function fenced(text: string): string {
  const shown = text || ' ';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : fence + shown + fence;
}

export function prose(text: string): string {
  return codeSpans(text)
    .map((span) => (span.code ? code(span.text) : plain(span.text)))
    .join('');
}

/** A row of a table, in which a pipe ends a cell even inside code. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
}
