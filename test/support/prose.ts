import ts from 'typescript';

/** A comment, or the text of a string or template, in a source file. */
export interface Prose {
  readonly kind: 'comment' | 'text';
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Everything in a source file that people read as language, in order. */
export function proseOf(file: string, source: string): Prose[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found = new Map<number, Prose>();
  const add = (kind: Prose['kind'], start: number, end: number) =>
    void found.set(start, { kind, start, end, text: source.slice(start, end) });
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      add('text', node.getStart(tree), node.getEnd());
    const ranges = [
      ...(ts.getLeadingCommentRanges(source, node.getFullStart()) ?? []),
      ...(ts.getTrailingCommentRanges(source, node.getEnd()) ?? []),
    ];
    if (!ts.isJsxText(node)) for (const { pos, end } of ranges) add('comment', pos, end);
    for (const child of node.getChildren(tree)) visit(child);
  };
  visit(tree);
  return [...found.values()].sort((one, other) => one.start - other.start);
}
