export interface Span {
  readonly text: string;
  readonly code: boolean;
}

/** Text in which backticks set off code, as its parts; text with a backtick too many is one part. */
export function codeSpans(text: string): readonly Span[] {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return [{ text, code: false }];
  return parts.map((part, index) => ({ text: part, code: index % 2 === 1 })).filter((span) => span.text !== '');
}
