// CPU time of one reading from outside, beside pidusage: `npx tsx test/bench/outside-probe.bench.ts`.
// The clock is the CPU time of this process, so that a busy machine does not show; the target costs nothing meanwhile.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import pidusage from 'pidusage';
import { Bench } from 'tinybench';
import { createOutsideProbe } from '../../harness/sample/outside/create-outside-probe.js';

const lightReadingsPerCall = 50;
const shapes: Readonly<Record<string, string>> = {
  '20 descriptors, 40 MiB': '',
  '10,000 descriptors': "for (let n = 0; n < 10_000; n += 1) require('fs').openSync('/dev/null');",
  '1 GiB resident': 'globalThis.kept = Buffer.alloc(2 ** 30, 1);',
};

async function startTarget(script: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', `${script} console.log('ready'); setInterval(() => {}, 60_000)`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measure(pid: number): Promise<Record<string, string>> {
  const probe = createOutsideProbe({ pid, wholeTree: false });
  const bench = new Bench({ now: cpuMs, time: 300, warmupTime: 100 });
  bench
    .add('light', async () => {
      for (let reading = 0; reading < lightReadingsPerCall; reading += 1) await probe.read({ detail: 'light' });
    })
    .add('pidusage', async () => void (await pidusage(pid)))
    .add('floor', async () => void (await probe.read({ detail: 'floor' })));
  await bench.run();
  probe.close();
  const microseconds = bench.tasks.map(({ name, result }) => {
    if (result.state !== 'completed') throw new Error(`${name}: ${result.state}`);
    return [name, (result.latency.p50 * 1000) / (name === 'light' ? lightReadingsPerCall : 1)] as const;
  });
  return Object.fromEntries(microseconds.map(([name, value]) => [name, value.toFixed(1)]));
}

console.log('CPU us of one reading, median:');
for (const [shape, script] of Object.entries(shapes)) {
  const target = await startTarget(script);
  console.log(shape.padEnd(24), await measure(target.pid!));
  const exited = once(target, 'exit');
  target.kill('SIGKILL');
  await exited;
}
pidusage.clear();
