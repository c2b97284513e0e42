import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Loop, ShrinkResult } from '../../harness/model/shrink.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const server = fileURLToPath(new URL('../fixtures/shrink/ten-routes.mjs', import.meta.url));
const route = 'GET /route3';

interface Kind {
  readonly name: string;
  /** What the service keeps. @defaultValue the name */
  readonly leak?: string;
  readonly loop: Partial<Loop>;
  readonly value?: '{cycle}' | '{csv:colour}';
  readonly given?: readonly string[];
  /** Of each route, by its number. @defaultValue 1 */
  readonly weights?: (route: number) => number;
}

const one: Partial<Loop> = { operations: [route], inputs: [0], concurrency: 1 };
const inputThat = (leaks: (input: number) => boolean) => [expect.toSatisfy(leaks)];
const colours = ['red', 'green', 'blue', 'violet', 'yellow', 'orange', 'black', 'white'];

/** Ten operations, one leak: what it needs, and nothing else. */
const kinds: readonly Kind[] = [
  { name: 'heap', loop: one },
  { name: 'small', loop: one },
  { name: 'buffer', loop: one },
  { name: 'descriptor', loop: one },
  { name: 'listener', loop: one },
  { name: 'timer', loop: one },
  { name: 'file', loop: one },
  // Twenty at once, at each twentieth request.
  { name: 'step', loop: one },
  // Ever-new values, by their number: no input has a part in it.
  { name: 'key', loop: one, value: '{cycle}' },
  { name: 'input', loop: { ...one, inputs: inputThat((input) => input % 16 === 5) } },
  { name: 'half', loop: { ...one, inputs: inputThat((input) => input >= 128) } },
  {
    name: 'row',
    loop: { ...one, inputs: inputThat((input) => colours[input % colours.length] === 'violet') },
    value: '{csv:colour}',
    given: ['--csv', 'colours.csv'],
  },
  {
    name: 'abort',
    loop: { ...one, operations: [`${route} (aborted)`] },
    given: ['--fault', 'abort', '--fault', 'timeout'],
  },
  { name: 'pair', loop: { ...one, operations: [route, 'GET /route7'] } },
  { name: 'chain', loop: { ...one, operations: [route, 'GET /route5', 'GET /route9'] } },
  // A request that fails until another route was asked.
  { name: 'session', loop: { ...one, operations: ['GET /route1', route] } },
  { name: 'crowd', loop: { ...one, concurrency: 5 } },
  { name: 'rare', leak: 'heap', loop: one, weights: (number) => (number === 3 ? 1 : 2) },
  { name: 'frequent', leak: 'heap', loop: one, weights: (number) => (number === 3 ? 9 : 1) },
  // Each route does it: one is enough.
  { name: 'all', loop: { ...one, operations: [expect.stringMatching(/^GET \/route\d+$/)] } },
];

const seeds = [1];

test.each(seeds.flatMap((seed) => kinds.map((kind) => ({ ...kind, seed }))))(
  'ten operations, one leak: $name, seed $seed',
  async ({ name, leak = name, loop, value = '{input}', given = [], weights = () => 1, seed }) => {
    const settings = { directory: temporaryDirectory(), environment: { LEAK: leak } };
    writeFileSync(join(settings.directory, 'colours.csv'), ['colour', ...colours].join('\n'));
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
    const routes = numbers.map((number) => `${weights(number)}*/route${number}?q=${value}`);
    const quiet = ['--attribution', 'off', '--seed', String(seed), '--json', '--quiet'];
    const soaked = await plateau(['http', '--start', `node ${server}`, ...routes, ...given, ...quiet], settings);
    expect(soaked).toMatchObject({ exitCode: 1 });
    const { stdout, stderr } = await plateau(['shrink', 'latest', '--json', '--quiet'], settings);
    expect(stderr).toBe('');
    const result = JSON.parse(stdout) as ShrinkResult;
    if (process.env.SHRINK_TABLE !== undefined) appendFileSync(process.env.SHRINK_TABLE, rowOf(name, seed, result));
    expect({ ...result.loop, operations: result.loop.operations.toSorted() }).toEqual(loop);
    expect(result.outcome).toBe('smallest');
  },
);

function rowOf(name: string, seed: number, { loop, metric, trials, elapsedMs, outcome }: ShrinkResult): string {
  const shown = `${loop.operations.join(' and ')}, ${loop.inputs === 'all' ? 'all inputs' : `inputs ${loop.inputs}`}, ${loop.concurrency} at once`;
  return `| ${name} | ${seed} | ${outcome} | ${metric} | ${shown} | ${trials.length} | ${Math.round(elapsedMs / 1_000)} s |\n`;
}
