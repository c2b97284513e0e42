import { basename } from 'node:path';
import type { ProcessFacts } from '../../model/runtime.js';

const executableName = /^python(\d(\.\d+)?t?)?(-bin)?$/;
/** Python in a program of another name: uWSGI, mod_wsgi, an application that embeds it. */
const libraryName = /^libpython(\d\.\d+)\w*\.so/;

export function isPython({ executable, mappedFiles }: ProcessFacts): boolean {
  return (
    executableName.test(basename(executable ?? '')) || mappedFiles.some((file) => libraryName.test(basename(file)))
  );
}

/** `3.11`; undefined where neither the executable nor a library is named after it. */
export function versionOf({ executable, mappedFiles }: ProcessFacts): string | undefined {
  const names = [executable ?? '', ...mappedFiles].map((file) => basename(file));
  for (const name of names) {
    const version = (/^python(\d\.\d+)/.exec(name) ?? libraryName.exec(name))?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** Options that take the next word, unless something follows them at once. */
const takesWord = /^-[WX]$/;
/** Whatever comes after these is for the program. */
const endsOptions = /^-\w*[cm]/;

/** The option that keeps Python from loading what it does not have to: `-I`, `-E`, `-S`, also among others (`-uI`). */
export function isolatingOption({ arguments: [, ...words] }: Pick<ProcessFacts, 'arguments'>): string | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index]!;
    if (!word.startsWith('-') || word === '-' || word.startsWith('--')) return undefined;
    const isolating = /^-[a-zA-Z]*?([IES])/.exec(word.replace(/[cmWX].*$/, ''));
    if (isolating !== null) return `-${isolating[1]}`;
    if (endsOptions.test(word)) return undefined;
    if (takesWord.test(word)) index += 1;
  }
  return undefined;
}
