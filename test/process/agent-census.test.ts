import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSession } from '../../dist/harness/run/measuring/session.js';
import { runParameters } from '../../dist/harness/run/run-parameters.js';
import { defineScenario } from '../../dist/harness/scenario/define-scenario.js';
import { loadDefinition } from '../../dist/harness/scenario/load-scenario.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('timers that are read between two counts of live objects add none', async () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'server.mjs'),
    "import { createServer } from 'node:http';\ncreateServer().listen(process.env.PORT);\n",
  );
  const scenario = defineScenario({
    name: 'idle',
    target: { script: './server.mjs' },
    operations: { ask: { create: { path: '/' } } },
  });
  const session = await openSession({
    source: loadDefinition(scenario, directory),
    runId: '20260101-000000-count',
    defects: [],
    seed: 1,
    parameters: runParameters({}, scenario),
    logPath: join(directory, 'target.log'),
    purpose: 'measure',
    warn: () => undefined,
    signal: new AbortController().signal,
  });
  const { agent } = session.target;
  const count = async () => (await agent!.request('census', {})).objects;
  await count();
  const before = await count();
  await agent!.request('timers.pending', {});
  const after = await count();
  await session.close();
  expect(after - before).toBeLessThan(8);
});
