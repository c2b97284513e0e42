import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../harness/cli/program.js';
import { proseOf } from '../support/prose.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Words that are replaced, as the table in harness/README.md lists them; `cannot tell` is a word of comparisons. */
const replaced = /(?<!cannot )\b(?:told|tells?|telling|mend(?:s|ed)?)\b/i;
const wordsMax = 25;

/** Documents for users; the sentences of each are short. */
const documents = ['README.md', 'harness/cli/README.md', 'harness/matchers/README.md', 'reporters/README.md'];
const allDocuments = [...documents, 'harness/README.md', 'harness/runtimes/README.md', 'scenarios/README.md'];

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function sourceFiles(directory: string): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mts|cts)$/.test(name))
    .map((name) => join(directory, name));
}

/** Paragraphs, items and cells of a document, without code blocks; inline code counts as one word. */
function sentencesOf(document: string): string[] {
  const text = document
    .replace(/^```[\s\S]*?^```$/gm, '\n\n')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/`[^`]*`/g, 'code')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^(?:[-*]|\d+\.|#+) /gm, '\n\n')
    .replace(/\|/g, '\n\n');
  return sentences(text.split(/\n\s*\n/));
}

function sentences(paragraphs: readonly string[]): string[] {
  return paragraphs.flatMap((paragraph) =>
    paragraph
      .replace(/\s+/g, ' ')
      .split(/(?<=[.!?:;])\s/)
      .map((sentence) => sentence.trim()),
  );
}

const isLong = (sentence: string) => sentence.split(/\s+/).filter((word) => /\w/.test(word)).length > wordsMax;

async function helpSentences(): Promise<string[]> {
  const settings = { version: '', createContext: () => expect.unreachable(), onExitCode: () => undefined };
  const program = await createProgram(settings, ['help']);
  const texts = (command: Command): string[] => [
    command.description(),
    ...command.options.map(({ description }) => description),
    ...command.registeredArguments.map(({ description }) => description),
    ...command.commands.flatMap(texts),
  ];
  return sentences(texts(program));
}

describe('plain English', () => {
  it.each(allDocuments)('%s has no word that is replaced', (path) => {
    const prose = read(path)
      .replace(/^```[\s\S]*?^```$/gm, '')
      .replace(/^## Words[\s\S]*?(?=^## )/m, '');
    expect(prose.split('\n').filter((line) => replaced.test(line))).toEqual([]);
  });

  it.each(sourceFiles('harness').concat(sourceFiles('reporters'), sourceFiles('scenarios')))(
    '%s has none in its comments and messages',
    (file) => {
      const texts = proseOf(file, read(file)).filter(({ kind, text }) => kind === 'comment' || /\s/.test(text.trim()));
      expect(texts.map(({ text }) => text).filter((text) => replaced.test(text))).toEqual([]);
    },
  );

  it.each(documents)(`%s has no sentence of more than ${wordsMax} words`, (path) => {
    expect(sentencesOf(read(path)).filter(isLong)).toEqual([]);
  });

  it(`help has no sentence of more than ${wordsMax} words`, async () => {
    expect((await helpSentences()).filter(isLong)).toEqual([]);
  });

  it.each(allDocuments)('links of %s lead somewhere', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : relative(root, join(root, dirname(path), file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && extname(target) === '.md' && !anchorsOf(read(target)).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});

/** Anchors of headings, as GitHub makes them. */
function anchorsOf(document: string): Set<string> {
  const headings = [...document.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replace(/ /g, '-'),
    ),
  );
}
