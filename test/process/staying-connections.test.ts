import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/http/${name}`, import.meta.url));
const byRequests = ['http', '--start', `node ${fixture('kept-connections.mjs')}`, '/search?q={input}'];
const byScenario = ['run', fixture('kept-connections.scenario.mjs')];

async function soak(parameters: readonly string[], environment: Readonly<Record<string, string>>) {
  const settings = { directory: temporaryDirectory(), environment };
  const { stdout } = await plateau([...parameters, '--seed', '3', '--json', '--quiet'], settings);
  return runRecordSchema.parse(JSON.parse(stdout));
}

test.each([
  ['requests', byRequests],
  ['a scenario', byScenario],
])('what each request leaves at its connection is a leak, although connections end: %s', async (_by, parameters) => {
  const { verdict, findings, suspects } = await soak(parameters, { LEAK: '1' });
  expect(verdict).toBe('leak');
  expect(findings).toContainEqual(expect.objectContaining({ metric: 'listeners', verdict: 'leak' }));
  expect(suspects[0]).toMatchObject({ location: { file: expect.stringMatching(/kept-connections\.mjs$/), line: 9 } });
});

test.each([
  ['requests', byRequests],
  ['a scenario', byScenario],
])('the same where each request takes it away: %s', async (_by, parameters) => {
  expect(await soak(parameters, {})).toMatchObject({ verdict: 'plateau' });
});
