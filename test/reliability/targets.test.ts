import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect } from 'vitest';
import { row, type World } from './campaign.js';

const short = ['--duration', '90s', '--attribution', 'off'];

/** A service whose answers can be changed by what it does at a certain request. */
function service(world: World, atRequest: string, options = ''): string {
  const request = 20 + Math.floor(world.random() * 400);
  world.file(
    'server.mjs',
    `import { createServer } from 'node:http';
let requests = 0;
const server = createServer((request, response) => {
  requests += 1;
  if (requests === ${request}) { ${atRequest} }
  response.end('ok');
});
server.listen(Number(process.env.PORT), '127.0.0.1');
`,
  );
  return world.file(
    'service.scenario.mjs',
    `import { defineScenario } from 'plateau';
export default defineScenario({
  name: 'service',
  target: { script: './server.mjs' ${options} },
  operations: { call: { create: { path: '/' } } },
});
`,
  );
}

row({
  name: 'the target ends with an exit code',
  expected: '`crashed`, exit 4, with the code and its last line',
  async trial(world) {
    const path = service(world, "console.error('giving up: no database'); process.exit(7);");
    const { record, exitCode } = await world.run([path, ...short]);
    expect([record.verdict, exitCode]).toEqual(['crashed', 4]);
    expect(record.reason).toMatch(/exit code 7/);
    expect(record.targetOutput?.lastLines.join('\n')).toContain('giving up: no database');
  },
});

row({
  name: 'the target is killed, as for memory',
  expected: '`crashed`, exit 4, with the signal',
  async trial(world) {
    const path = service(world, "process.kill(process.pid, 'SIGKILL');");
    const { record, exitCode } = await world.run([path, ...short]);
    expect([record.verdict, exitCode]).toEqual(['crashed', 4]);
    expect(record.reason).toMatch(/SIGKILL/);
  },
});

row({
  name: 'the heap of the target is full',
  expected: '`crashed`, exit 4, with what V8 printed',
  async trial(world) {
    const fill = 'const kept = []; for (;;) kept.push(new Array(10_000).fill(requests));';
    const path = service(world, fill, ", nodeArguments: ['--max-old-space-size=32']");
    const { record, exitCode } = await world.run([path, ...short]);
    expect([record.verdict, exitCode]).toEqual(['crashed', 4]);
    expect(record.targetOutput?.lastLines.join('\n')).toMatch(/heap out of memory/);
  },
});

row({
  name: 'the target hangs',
  expected: '`stalled`, exit 1',
  share: 0.25,
  async trial(world) {
    const path = service(world, 'for (;;);');
    const { record, exitCode } = await world.run([path, ...short]);
    expect([record.verdict, exitCode]).toEqual(['stalled', 1]);
  },
});

row({
  name: 'the target refuses connections from some moment on',
  expected: '`refusing`, exit 1, with the error of the clients',
  async trial(world) {
    const path = service(world, 'server.close(); server.closeAllConnections(); setInterval(() => undefined, 60_000);');
    const { record, exitCode } = await world.run([path, ...short]);
    expect([record.verdict, exitCode]).toEqual(['refusing', 1]);
    expect(record.failures?.map(({ kind }) => kind).join()).toMatch(/ECONNREFUSED/);
  },
});

row({
  name: 'the port of the target is taken',
  expected: '`crashed`, exit 4, EADDRINUSE',
  async trial(world) {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const path = service(world, '', `, env: { PORT: '${port}' }`);
    const { record, exitCode } = await world.run([path, ...short]);
    taken.close();
    expect([record.verdict, exitCode]).toEqual(['crashed', 4]);
    expect(record.reason).toMatch(/EADDRINUSE/);
  },
});
