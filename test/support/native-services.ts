import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineScenario, operation, type RunOptions, type RunRecord, runScenario } from 'plateau';
import type { NativeCase, NativeLanguage } from '../fixtures/runtimes/native/cases.js';

/** File of the services in C, C++ and Rust. */
export const nativeFixture = (name: string) =>
  fileURLToPath(new URL(`../fixtures/runtimes/native/${name}`, import.meta.url));

const sources: Readonly<Record<NativeLanguage, string>> = {
  c: 'behaviours.c',
  cpp: 'behaviours.cpp',
  rust: 'behaviours.rs',
};

/** Compiles the service of a language as its users do for production, with line numbers. @returns its path */
export function buildNativeService(language: NativeLanguage, directory: string): string {
  const program = join(directory, `${language}-service`);
  const source = nativeFixture(sources[language]);
  const optimised = ['-O2', '-g'];
  if (language === 'rust') {
    execFileSync('rustc', ['-O', '-C', 'debuginfo=line-tables-only', '-o', program, source], { cwd: directory });
  } else {
    const object = join(directory, `${language}-service.o`);
    execFileSync('cc', [...optimised, '-c', '-o', object, nativeFixture('service.c')]);
    const compiler = language === 'c' ? 'cc' : 'c++';
    execFileSync(compiler, [...optimised, '-o', program, source, object, '-pthread']);
  }
  return program;
}

/** Soaks a behaviour of a compiled service. */
export function soakNative(program: string, { behaviour }: NativeCase, options: RunOptions): Promise<RunRecord> {
  const scenario = defineScenario({
    name: behaviour,
    target: {
      command: [program, behaviour],
      ready: { line: /listening on (?<url>http:\/\/127\.0\.0\.1:(?<port>\d+))/ },
    },
    operations: {
      item: operation({
        async create({ target, cycle }) {
          await target.http.post(`/create/${cycle}`);
          return cycle;
        },
        destroy: (item, { target }) => target.http.post(`/destroy/${item}`).then(() => undefined),
      }),
    },
  });
  return runScenario(scenario, { durationMs: 60_000, seed: 41, ...options });
}

/** 1-based line of the leak that a behaviour plants. */
export function lineOfLeak({ language, behaviour }: NativeCase): { file: string; line: number } {
  const file = nativeFixture(sources[language]);
  return { file, line: lineOfText(file, `leak: ${behaviour}`) };
}

/** 1-based. */
export function lineOfText(file: string, text: string): number {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(text)) + 1
  );
}

/** Suspects that name a line, by it or by one of the places that led there. */
export function suspectsAt(record: RunRecord, { file, line }: { file: string; line: number }): RunRecord['suspects'] {
  return record.suspects.filter(({ location, stack = [] }) =>
    [location, ...stack].some((place) => place?.file === file && place.line === line),
  );
}
