import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { attributeModule } from '../support/attribution-bench.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const source = fileURLToPath(new URL('../fixtures/attribution-servers/shop-server.ts', import.meta.url));
const lines = readFileSync(source, 'utf8').split('\n');
const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;

/** Runs in the process of the test, which takes the built package as its users do. */
const { defineScenario, operation } = (await import(
  new URL('../../dist/harness/index.js', import.meta.url).href
)) as typeof import('../../harness/index.js');

const visiting = (script: string) =>
  defineScenario({
    name: 'shop',
    target: { script },
    operations: {
      visit: operation({
        create: async ({ target, cycle }) => void (await target.http.get(`/visitor-${cycle}`)),
        destroy: () => undefined,
      }),
    },
  });

/** How servers are shipped: as they were written, compiled, and in one minified file; all but the first with maps. */
const shipped: Readonly<Record<string, BuildOptions | undefined>> = {
  'server.ts': undefined,
  'server.mjs': { format: 'esm', sourcemap: true },
  'server.cjs': { format: 'cjs', sourcemap: 'inline' },
  'bundle.mjs': { format: 'esm', sourcemap: true, bundle: true, minify: true },
};

describe.each(Object.entries(shipped))('a server shipped as %s', (file, options) => {
  it.each([
    ['map', /^\w+: \w+ \(.*shop-server\.ts\) \.byId: Map$/],
    ['object', /^\w+: \w+ \(.*shop-server\.ts\) \.visits: Object$/],
  ])('is reported by the line that was written: %s', async (leak, holder) => {
    const directory = temporaryDirectory();
    const written = path.join(directory, options === undefined ? file : 'shop-server.ts');
    copyFileSync(source, written);
    const script = path.join(directory, file);
    if (options !== undefined) await build({ entryPoints: [written], outfile: script, platform: 'node', ...options });
    const { suspects, explained, warnings } = await attributeModule({
      module: { definition: visiting(script), directory },
      variant: 'leaky',
      growth: { heapUsed: 230 },
      cycles: 3_000,
      driveMs: 1_500,
      directory: path.join(directory, 'attribution'),
      environment: { LEAK: leak },
    });
    expect(warnings).toEqual([]);
    expect(suspects).toHaveLength(1);
    expect(suspects[0]?.location).toMatchObject({ file: written, line: lineOf(`planted: ${leak}`) });
    expect(suspects[0]?.holder?.path.join(' ').replace(file, 'shop-server.ts')).toMatch(holder);
    expect(explained.heapUsed).toBeGreaterThan(0.9);
    expect(explained.heapUsed).toBeLessThan(1.1);
  });
});
