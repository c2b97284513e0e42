import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { attributeModule } from '../support/attribution-bench.js';
import { plantedLeaks } from '../support/planted-leaks.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixtures = fileURLToPath(new URL('../fixtures/attribution/', import.meta.url));

describe.each(Object.entries(plantedLeaks))('%s', (name, { growth, holder, cycles = 2_000, driveMs = 200 }) => {
  const module = path.join(fixtures, `${name}.mjs`);
  const trial = (variant: 'leaky' | 'sound') =>
    attributeModule({ module, variant, growth, cycles, driveMs, directory: temporaryDirectory() });

  it('names the planted line first, and what holds it', async () => {
    const { suspects, explained, warnings } = await trial('leaky');
    expect(warnings).toEqual([]);
    const first = suspects[0];
    expect({ file: first?.location?.file, line: first?.location?.line }).toEqual({
      file: module,
      line: plantedLine(module),
    });
    expect(first?.location?.source).toContain('planted');
    if (holder !== undefined) expect(first?.holder?.path.join(' ')).toMatch(holder);
    const metric = first?.metric ?? '';
    expect(metric).toBe(Object.keys(growth)[0]);
    expect(explained[metric]).toBeGreaterThan(0.9);
    expect(explained[metric]).toBeLessThan(1.1);
  });

  it('accuses nobody when it is sound', async () => {
    expect((await trial('sound')).suspects).toEqual([]);
  });
});

const typescriptSource = `export interface Entry { readonly id: number; readonly payload: readonly number[] }

const entries: Set<Entry> = new Set();

function keep(entry: Entry): void {
  entries.add(entry); // planted
}

export function iterate(cycle: number): void {
  keep({ id: cycle, payload: [cycle, cycle] });
}
`;

const exportingModules = {
  'a name': ['export const sessions = new Map();', "import { sessions } from './store.mjs';", 'sessions'],
  default: ['const kept = new Map();\nexport default kept;', "import sessions from './store.mjs';", 'kept'],
} as const;

it.each(Object.entries(exportingModules))(
  'names what a module exports by %s',
  async (_kind, [store, imports, name]) => {
    const directory = temporaryDirectory();
    const module = path.join(directory, 'driver.mjs');
    writeFileSync(path.join(directory, 'store.mjs'), store);
    writeFileSync(
      module,
      `${imports}\nexport function iterate(cycle) {\n  sessions.set(cycle, { cycle, cart: [cycle] }); // planted\n}\n`,
    );
    const { suspects } = await attributeModule({
      module,
      variant: 'leaky',
      growth: { heapUsed: 150 },
      cycles: 2_000,
      driveMs: 200,
      directory: path.join(directory, 'evidence'),
    });
    expect(suspects[0]?.location?.line).toBe(plantedLine(module));
    expect(suspects[0]?.holder).toMatchObject({
      description: `\`${name}\` (Map in store.mjs)`,
      path: [`${name}: Map (store.mjs)`],
      location: { file: path.join(directory, 'store.mjs'), line: 1 },
    });
  },
);

it('follows a source map beside the script to the TypeScript line', async () => {
  const directory = temporaryDirectory();
  const source = path.join(directory, 'src', 'entries.ts');
  mkdirSync(path.dirname(source));
  writeFileSync(source, typescriptSource);
  const { outputText, sourceMapText } = ts.transpileModule(typescriptSource, {
    fileName: 'entries.ts',
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
      removeComments: true,
    },
  });
  const module = path.join(directory, 'entries.mjs');
  writeFileSync(module, outputText.replace('entries.js.map', 'entries.mjs.map'));
  const map = { ...JSON.parse(sourceMapText ?? ''), sources: ['src/entries.ts'] };
  writeFileSync(`${module}.map`, JSON.stringify(map));
  await expectTypescriptLine(module, source, directory);
});

it('follows the source map that a loader made in memory', async () => {
  const directory = temporaryDirectory();
  const module = path.join(directory, 'entries.ts');
  writeFileSync(module, typescriptSource);
  await expectTypescriptLine(module, module, directory);
});

async function expectTypescriptLine(module: string, source: string, directory: string): Promise<void> {
  const { suspects } = await attributeModule({
    module,
    variant: 'leaky',
    growth: { heapUsed: 110 },
    cycles: 20_000,
    driveMs: 500,
    directory: path.join(directory, 'attribution'),
  });
  expect(suspects[0]?.location).toMatchObject({ file: source, line: 6, source: 'entries.add(entry); // planted' });
  expect(suspects[0]?.holder).toMatchObject({ location: { file: source, line: 3 } });
}

function plantedLine(module: string): number {
  return (
    readFileSync(module, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes('// planted')) + 1
  );
}
