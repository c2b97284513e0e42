import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterEach, expect, test } from 'vitest';

const agentDirectory = new URL('../../dist/harness/agent/', import.meta.url).pathname;
const minuteMs = 60_000;
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

interface Jumped {
  readonly seen: Record<string, unknown>;
  readonly firedByMs: Record<string, number>;
}

/**
 * Runs code in a process of its own whose clocks can be moved on, as the agent does it.
 * @param code arms timers and returns, after a jump by `byMs`, what `report` shows
 */
async function afterJump(code: string, byMs: number): Promise<Jumped> {
  const script = `
    const clocks = require(${JSON.stringify(`${agentDirectory}virtual-clocks.cjs`)}).installVirtualClocks();
    const { jump } = require(${JSON.stringify(`${agentDirectory}clock-jump.cjs`)});
    const seen = {};
    const startedMs = Date.now();
    const minutes = () => Math.round((Date.now() - startedMs) / 60_000);
    (async () => {
      ${code}
      const { firedByMs } = await jump(clocks, { byMs: ${byMs} });
      process.send({ seen, firedByMs }, () => process.exit());
    })();`;
  const child = spawn(process.execPath, ['--eval', script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  running.push(child);
  const [jumped] = (await once(child, 'message')) as [Jumped];
  return jumped;
}

test('every kind of timer fires once it is due, at its time and in order', async () => {
  const { seen, firedByMs } = await afterJump(
    `seen.order = [];
     const note = (name) => seen.order.push(name + ' ' + minutes());
     setTimeout(() => note('late'), 50 * 60_000);
     setTimeout(() => note('early'), 10 * 60_000);
     setTimeout(() => note('beyond'), 70 * 60_000);
     require('node:timers/promises').setTimeout(20 * 60_000).then(() => note('promise'));
     AbortSignal.timeout(30 * 60_000).addEventListener('abort', () => note('signal'));
     const chain = (left) => left > 0 && setTimeout(() => { note('chain'); chain(left - 1); }, 13 * 60_000);
     chain(2);
     seen.beats = 0;
     setInterval(() => { seen.beats += 1; }, 60_000);`,
    60 * minuteMs,
  );
  expect(seen.order).toEqual(['early 10', 'chain 13', 'promise 20', 'chain 26', 'signal 30', 'late 50']);
  // Each beat is armed a moment after the one before has fired.
  expect(seen.beats).toBeGreaterThanOrEqual(58);
  expect(firedByMs).toMatchObject({ 60000: seen.beats, [13 * minuteMs]: 2, [50 * minuteMs]: 1 });
});

test('every clock shows the same time, for code that took its function before too', async () => {
  const { seen } = await afterJump(
    `const { now } = Date;
     const read = () => [now(), new Date().getTime(), Number(new Date()), performance.timeOrigin + performance.now()];
     const hrtime = process.hrtime();
     const bigint = process.hrtime.bigint();
     const upSeconds = process.uptime();
     const before = read();
     setTimeout(() => {
       seen.minutes = read().map((value, index) => Math.round((value - before[index]) / 60_000));
       seen.minutes.push(Math.round(process.hrtime(hrtime)[0] / 60), Number((process.hrtime.bigint() - bigint) / 60_000_000_000n));
       seen.minutes.push(Math.round((process.uptime() - upSeconds) / 60));
       class Day extends Date {}
       seen.kinds = [new Date() instanceof Date, new Date().constructor === Date, new Day(0) instanceof Day, typeof Date()];
       seen.fixed = new Date(2020, 1, 3).getFullYear() + new Date('2021-01-01').getUTCFullYear() + Date.UTC(1970, 0, 1);
     }, 30 * 60_000);`,
    40 * minuteMs,
  );
  expect(seen).toEqual({
    minutes: [30, 30, 30, 30, 30, 30, 30],
    kinds: [true, true, true, 'string'],
    fixed: 2020 + 2021,
  });
});

test('durations stay: what is refreshed later, or not due yet, keeps its time', async () => {
  const { seen } = await afterJump(
    `const sliding = setTimeout(() => { seen.slid = minutes(); }, 30 * 60_000);
     setTimeout(() => sliding.refresh(), 20 * 60_000);
     const waits = setTimeout(() => undefined, 90 * 60_000);
     setTimeout(() => { seen.waitsMs = waits._idleTimeout; }, 55 * 60_000);`,
    60 * minuteMs,
  );
  expect(seen).toEqual({ slid: 50, waitsMs: 90 * minuteMs });
});

test('idle sockets time out, and what a timer began over the network goes on before time does', async () => {
  const { seen } = await afterJump(
    `const http = require('node:http');
     const server = http.createServer((_, response) => response.end('pong'));
     await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
     const agent = new http.Agent({ keepAlive: true });
     const ask = (done) => http.get({ port: server.address().port, agent }, (response) => response.resume().on('end', done));
     await new Promise(ask);
     const missed = [];
     setInterval(() => {
       const deadline = setTimeout(() => missed.push(minutes()), 30_000);
       ask(() => clearTimeout(deadline));
     }, 120_000);
     seen.missed = missed;
     setTimeout(() => { seen.sockets = Object.values(agent.freeSockets).flat().filter((socket) => !socket.destroyed).length; }, 90_000);`,
    30 * minuteMs,
  );
  expect(seen).toEqual({ missed: [], sockets: 0 });
});

test('a Node that keeps its timers otherwise is refused with a reason', () => {
  const { findTimerLists } = createRequire(import.meta.url)(`${agentDirectory}timer-lists.cjs`);
  expect(Object.values(findTimerLists()).length).toBeGreaterThan(0);
});
