/**
 * What counting costs a service: CPU of the process for a cycle, with and without the preloaded library in turns, so that
 * what else the machine does falls on both. `npx tsx test/bench/native-overhead.bench.ts`, after a build.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildPreload } from '../../dist/harness/runtimes/native/build-preload.js';
import { buildNativeService } from '../support/native-services.js';

const turns = 12;
const cycles = 1_500;
const directory = mkdtempSync(join(tmpdir(), 'plateau-overhead-'));
const libraries = {
  counted: await buildPreload('measure', directory),
  recorded: await buildPreload('cause', directory),
};

for (const [language, behaviour] of [
  ['c', 'freed'],
  ['cpp', 'sessions'],
  ['rust', 'lock-removed'],
] as const) {
  const program = buildNativeService(language, directory);
  const spent = { alone: [] as number[], counted: [] as number[], recorded: [] as number[] };
  for (let turn = 0; turn < turns; turn += 1) {
    for (const how of turn % 2 === 0
      ? (['alone', 'counted', 'recorded'] as const)
      : (['recorded', 'counted', 'alone'] as const))
      spent[how].push(await cpuOf(program, behaviour, how === 'alone' ? undefined : libraries[how]));
  }
  const median = (values: number[]) => values.sort((one, other) => one - other)[values.length >> 1]!;
  const [alone, counted, recorded] = [median(spent.alone), median(spent.counted), median(spent.recorded)];
  const more = (value: number) => `${(((value - alone) / alone) * 100).toFixed(1)} %`;
  console.log(
    `${language} ${behaviour}: ${alone.toFixed(4)} ms of CPU a cycle; counted ${more(counted)}, recorded ${more(recorded)}`,
  );
}
rmSync(directory, { recursive: true, force: true });

/** ms of CPU a cycle. */
async function cpuOf(program: string, behaviour: string, library: string | undefined): Promise<number> {
  const preload =
    library === undefined ? {} : { LD_PRELOAD: library, PLATEAU_ALLOCATIONS: directory, PLATEAU_RECORD: '1' };
  const child = spawn(program, [behaviour], {
    env: { ...process.env, ...preload },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = /http\S+/.exec(line.toString())![0];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const post = async (path: string) => {
    const sent = request(`${url}${path}`, { method: 'POST', agent }).end();
    const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
    await text(answer);
  };
  const drive = async (from: number, number: number) => {
    for (let cycle = from; cycle < from + number; cycle += 1) {
      await post(`/create/${cycle}`);
      await post(`/destroy/${cycle}`);
    }
  };
  await drive(0, 200);
  const before = cpuMsOf(child.pid!);
  await drive(200, cycles);
  const spentMs = cpuMsOf(child.pid!) - before;
  agent.destroy();
  child.kill();
  await once(child, 'exit');
  return spentMs / cycles;
}

/** Of all threads that live, to the nanosecond. */
function cpuMsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, spent) => sum + spent, 0) / 1e6;
}
