/**
 * What the load costs plateau: CPU of the driver per 100,000 requests, autocannon by itself beside plateau's rounds of
 * requests and beside `target.http` in a scenario, in turns against one server. Prints each and the medians of the ratios.
 * Autocannon in rounds shows what starting it and opening its connections costs, whoever does it.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import autocannon from 'autocannon';
import { CycleLoop } from '../../harness/drive/cycle-loop.js';
import { compileRequest } from '../../harness/drive/http/compile-request.js';
import { createHttpClient } from '../../harness/drive/http/http-client.js';
import { HttpRounds } from '../../harness/drive/http/http-rounds.js';
import { SetupValues } from '../../harness/drive/http/setup-values.js';

const repeats = 7;
const requests = 100_000;
const concurrency = 10;
/** As many as a round has of a target that is soaked for minutes. */
const cycles = 5_000;

const program = `require('node:http').createServer((request, response) => response.end('{"ok":true}'))
  .listen(0, '127.0.0.1', function () { process.send(this.address().port); });`;
const server = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
const [port] = (await once(server, 'message')) as [number];
const url = `http://127.0.0.1:${port}`;
const client = createHttpClient(url, { connections: concurrency });
const rounds = roundsOf('/');
const roundsWithValues = roundsOf('/?q={input}');
const loop = new CycleLoop([
  { name: 'get', weight: 1, create: async () => (await client.get('/')).json(), destroy: () => undefined },
]);

function roundsOf(path: string): HttpRounds {
  const sources = { origin: 'bench', environment: {}, setup: new SetupValues(), quotes: false };
  const request = compileRequest({ path }, sources);
  const values = (cycle: number) => ({ cycle, input: cycle % 256 });
  return new HttpRounds([{ name: 'get', weight: 1, request, values }], url);
}

async function autocannonInRounds() {
  for (let round = 0; round < requests / cycles; round += 1)
    await autocannon({ url, connections: concurrency, amount: cycles, sampleInt: 10 });
}

async function inRounds(drive: (plan: Parameters<CycleLoop['drive']>[0]) => Promise<{ created: number }>) {
  for (let round = 0; round < requests / cycles; round += 1) {
    const { created } = await drive({ round, cycles, concurrency, seed: 1 });
    if (created !== cycles) throw new Error(`${created} of ${cycles} requests succeeded`);
  }
}

const sides = {
  autocannon: () => autocannon({ url, connections: concurrency, amount: requests }),
  'autocannon in rounds': autocannonInRounds,
  'rounds of requests': () => inRounds((plan) => rounds.drive(plan)),
  'rounds of requests with values': () => inRounds((plan) => roundsWithValues.drive(plan)),
  'target.http in a scenario': () => inRounds((plan) => loop.drive(plan)),
};
const cpuSeconds = Object.fromEntries(Object.keys(sides).map((name) => [name, [] as number[]]));
try {
  for (let repeat = -1; repeat < repeats; repeat += 1) {
    const order = Object.entries(sides);
    for (const [name, side] of repeat % 2 === 0 ? order : order.reverse()) {
      const before = process.cpuUsage();
      await side();
      const { user, system } = process.cpuUsage(before);
      // The first time the code is still being compiled.
      if (repeat >= 0) cpuSeconds[name]!.push((user + system) / 1e6);
    }
  }
} finally {
  await client.close();
  server.kill();
}

const median = (values: readonly number[]) => values.toSorted((left, right) => left - right)[values.length >> 1]!;
for (const [name, seconds] of Object.entries(cpuSeconds)) {
  const ratios = seconds.map((value, index) => value / cpuSeconds.autocannon![index]!);
  console.log(
    `${name}: ${median(seconds).toFixed(2)} s CPU per 100,000 requests, ${median(ratios).toFixed(2)} times autocannon`,
  );
}
