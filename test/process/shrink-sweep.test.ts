import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Loop, ShrinkResult } from '../../harness/model/shrink.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const server = fileURLToPath(new URL('../fixtures/shrink/ten-routes.mjs', import.meta.url));
const route = 'GET /route3';

interface Kind {
  readonly leak: string;
  readonly loop: Partial<Loop>;
  readonly value?: '{cycle}';
  readonly given?: readonly string[];
}

const one: Partial<Loop> = { operations: [route], inputs: [0], concurrency: 1 };

/** Ten operations, one leak: what it needs, and nothing else. */
const kinds: readonly Kind[] = [
  { leak: 'heap', loop: one },
  { leak: 'descriptor', loop: one },
  { leak: 'listener', loop: one },
  { leak: 'timer', loop: one },
  { leak: 'file', loop: one },
  // Each of sixteen inputs does it.
  { leak: 'input', loop: { ...one, inputs: [expect.toSatisfy((input: number) => input % 16 === 5)] } },
  // Ever-new values, by their number: no input has a part in it.
  { leak: 'key', loop: one, value: '{cycle}' },
  {
    leak: 'abort',
    loop: { ...one, operations: [`${route} (aborted)`] },
    given: ['--fault', 'abort', '--fault', 'timeout'],
  },
  { leak: 'pair', loop: { ...one, operations: [route, 'GET /route7'] } },
  { leak: 'crowd', loop: { ...one, concurrency: 10 } },
];

const seeds = [1, 2];

test.each(seeds.flatMap((seed) => kinds.map((kind) => ({ ...kind, seed }))))(
  'ten operations, one leak: $leak, seed $seed',
  async ({ leak, loop, value = '{input}', given = [], seed }) => {
    const settings = { directory: temporaryDirectory(), environment: { LEAK: leak } };
    const routes = Array.from({ length: 10 }, (_, number) => `/route${number + 1}?q=${value}`);
    const quiet = ['--attribution', 'off', '--seed', String(seed), '--json', '--quiet'];
    const soaked = await plateau(['http', '--start', `node ${server}`, ...routes, ...given, ...quiet], settings);
    expect(soaked).toMatchObject({ exitCode: 1 });
    const { stdout, stderr } = await plateau(['shrink', 'latest', '--json', '--quiet'], settings);
    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as ShrinkResult;
    if (process.env.SHRINK_TABLE !== undefined) appendFileSync(process.env.SHRINK_TABLE, rowOf(leak, seed, result));
    expect({ ...result.loop, operations: result.loop.operations.toSorted() }).toEqual(loop);
    expect(result.outcome).toBe('smallest');
  },
);

function rowOf(leak: string, seed: number, { loop, metric, trials, elapsedMs, outcome }: ShrinkResult): string {
  const shown = `${loop.operations.join(' and ')}, ${loop.inputs === 'all' ? 'all inputs' : `inputs ${loop.inputs}`}, ${loop.concurrency} at once`;
  return `| ${leak} | ${seed} | ${outcome} | ${metric} | ${shown} | ${trials.length} | ${Math.round(elapsedMs / 1_000)} s |\n`;
}
