import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Section } from './section.js';

const path = fileURLToPath(new URL('RESULTS.md', import.meta.url));

/** Replaces one measurement in RESULTS.md, and leaves the others, which other commands measure, as they are. */
export function writePart(name: string, { title, body }: Section, command: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const measured = `\`${command}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}.`;
  const part = `${begin}\n\n## ${title}\n\n${measured}\n\n${body}\n\n${end}`;
  const before = readFileSync(path, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const after =
    from < 0 ? `${before.trimEnd()}\n\n${part}\n` : before.slice(0, from) + part + before.slice(to + end.length);
  writeFileSync(path, after);
}
