import { printable } from '../format/printable.js';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
  /** Relative to the workspace; absent where no line is to blame. */
  readonly file?: string;
  readonly line?: number;
}

function messageText(text: string): string {
  return printable(text, 1_000).replaceAll('%', '%25');
}

function propertyText(text: string): string {
  return messageText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A line that GitHub shows as an annotation. */
export function workflowCommand({ level, title, message, file, line }: Annotation): string {
  const place = file === undefined ? [] : [`file=${propertyText(file)}`, `line=${line}`];
  return `::${level} ${[...place, `title=${propertyText(title)}`].join(',')}::${messageText(message)}\n`;
}
