import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const answers = `import { createServer } from 'node:http';
createServer((request, response) => response.end()).listen(process.env.PORT);
`;
// Its connections are gone before its process is, as where a core is dumped.
const dies = `import { createServer } from 'node:http';
let asked = 0;
const server = createServer((request, response) => {
  response.end();
  if ((asked += 1) !== 200) return;
  console.error('no memory left');
  server.closeAllConnections();
  setTimeout(() => process.exit(7), 200);
}).listen(process.env.PORT);
`;
const request = "({ target }) => target.http.get('/')";

/** Soaks a server with a client that throws once its connection is closed, and nobody catches that. */
async function soak({ onTestFinished }: TestContext, server: string, create: string, options: readonly string[] = []) {
  const directory = temporaryDirectory(onTestFinished);
  const scenario = `import { connect } from 'node:net';
import { defineScenario, operation } from 'plateau';
export default defineScenario({
  name: 'stray',
  target: { script: './server.mjs' },
  setup({ target }) {
    connect(target.port, '127.0.0.1').on('close', () => { throw new Error('the client lost its connection'); });
  },
  teardown() { throw new Error('nothing to take down'); },
  operations: { call: operation({ create: ${create}, destroy() {} }) },
});
`;
  writeFileSync(join(directory, 'stray.scenario.mjs'), scenario);
  writeFileSync(join(directory, 'server.mjs'), server);
  const given = ['run', './stray.scenario.mjs', '--quiet', '--json', ...options];
  const { exitCode, stdout } = await plateau(given, { directory });
  const { verdict, reason, warnings } = JSON.parse(stdout) as RunRecord;
  return { exitCode, verdict, reason, warnings };
}

test.concurrent('an error of the client after a stall is a warning too', async (context) => {
  const { exitCode, verdict, warnings } = await soak(context, answers, '() => new Promise(() => {})');
  expect({ verdict, exitCode }).toEqual({ verdict: 'stalled', exitCode: 1 });
  expect(warnings.join()).toContain('nobody caught it: the client lost its connection');
});

test.concurrent('an error of the client whose target dies is a warning: the crash is reported', async (context) => {
  const { exitCode, verdict, reason, warnings } = await soak(context, dies, request);
  expect({ verdict, exitCode }).toEqual({ verdict: 'crashed', exitCode: 4 });
  expect(reason).toMatch(/exit code 7: no memory left/);
  expect(warnings.join()).toContain('threw as its target ended, and nobody caught it: the client lost its connection');
});

test.concurrent('an error of the client after the load is a warning: the run is judged and reported first', async (context) => {
  const { exitCode, verdict, reason, warnings } = await soak(context, answers, request, [
    '--rounds',
    '3',
    '--cycles',
    '50',
  ]);
  // Judged as every run of three rounds is.
  expect(reason).toMatch(/too few/);
  expect({ verdict, exitCode }).toEqual({ verdict: 'inconclusive', exitCode: 2 });
  expect(warnings).toEqual(
    expect.arrayContaining([
      expect.stringContaining('threw after its load had ended, and nobody caught it: the client lost its connection'),
      expect.stringContaining('cleaning up failed: nothing to take down'),
    ]),
  );
});
