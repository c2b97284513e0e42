import { inert } from './printable.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe between tags and in quoted attributes, in HTML and in XML 1.0. */
export function escapeMarkup(text: string): string {
  return inert(text, 10_000).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Markup that was made on purpose; everything else is text and gets escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Markup | undefined | false | readonly Content[];

function contentText(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  return typeof content === 'string' ? escapeMarkup(content) : content.map(contentText).join('');
}

/** Template tag: what is interpolated is escaped unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(strings.reduce((text, part, index) => text + contentText(contents[index - 1]) + part));
}
