// Soaks services of many kinds, sound and with leaks planted, as users do:
// `npm run accuracy:live [-- --runs 2 --jobs 1 --only json-api,timers]`, with `--thorough` for the interpreter's pass.
// Each run is appended to .plateau/accuracy/<part>.ndjson, so that sweeps add up; the tables go into RESULTS.md.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { RunRecord } from '../../harness/index.js';
import { type LiveKind, liveKinds, thoroughKinds } from './live-kinds.js';
import { type LiveRun, liveSection } from './live-section.js';
import { writePart } from './results-file.js';

const main = fileURLToPath(new URL('../../dist/harness/cli/main.js', import.meta.url));
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    afresh: { type: 'boolean', default: false },
    thorough: { type: 'boolean', default: false },
  },
});
const { part, kinds, title, flags } = values.thorough
  ? {
      part: 'thorough',
      kinds: thoroughKinds,
      title: 'Live services, with the pass of `--thorough`',
      flags: ['--thorough'],
    }
  : { part: 'live', kinds: liveKinds, title: 'Live services', flags: [] };
const always = ['--json', '--quiet', '--attribution', 'off'];
const kept = `.plateau/accuracy/${part}.ndjson`;
const out = `.plateau/accuracy/${part}`;

interface Job {
  readonly kind: LiveKind;
  /** Every so many cycles leak; absent for the sound service. */
  readonly everyCycles?: number;
  readonly seed: number;
  readonly nodeOptions: string;
}

/** Of this sweep and those before. */
function keptRuns(): LiveRun[] {
  const lines = existsSync(kept) ? readFileSync(kept, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as LiveRun);
}

/** Rates and flags take turns, so that each kind meets each of them. */
function jobsOf(run: number): Job[] {
  const wanted = values.only === '' ? kinds : kinds.filter(({ name }) => values.only.split(',').includes(name));
  return wanted.flatMap((kind, at) => {
    const seed = firstSeed + run;
    const nodeOptions = (run + at) % 2 === 0 ? '' : '--max-semi-space-size=64';
    return [
      { kind, seed, nodeOptions },
      { kind, seed, nodeOptions, everyCycles: kind.rates[(run + at) % kind.rates.length]! },
    ];
  });
}

async function soak({ kind, everyCycles, seed, nodeOptions }: Job, out: string): Promise<LiveRun> {
  const { PLANTED_LEAK: _, PLANTED_BYTES: __, ...environment } = process.env;
  const startedMs = performance.now();
  const child = spawn(
    process.execPath,
    [main, 'run', kind.module, ...flags, ...always, '--seed', String(seed), '--out', out],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...environment,
        NODE_OPTIONS: nodeOptions,
        ...(everyCycles !== undefined && { PLANTED_LEAK: String(everyCycles) }),
        ...(kind.bytesPerLeak !== undefined && { PLANTED_BYTES: String(kind.bytesPerLeak) }),
      },
    },
  );
  const [printed] = await Promise.all([text(child.stdout), once(child, 'close')]);
  const record = JSON.parse(printed) as RunRecord;
  const heap = record.findings.find(({ metric }) => metric === 'heapUsed');
  const plantedBytes =
    kind.bytesPerLeak === undefined || everyCycles === undefined ? undefined : kind.bytesPerLeak / everyCycles;
  return {
    kind: kind.name,
    ...(everyCycles !== undefined && { everyCycles }),
    seed,
    node: process.version,
    nodeOptions,
    verdict: record.verdict,
    reason: record.reason,
    ...(plantedBytes !== undefined && heap !== undefined && { plantedBytes, heapSlope: heap.slope.estimate }),
    leaking: record.findings.filter(({ verdict }) => verdict === 'leak').map(({ metric }) => metric),
    cycles: record.counts.cycles,
    seconds: (performance.now() - startedMs) / 1_000,
  };
}

mkdirSync(out, { recursive: true });
if (values.afresh) rmSync(kept, { force: true });
const firstSeed = 1_000 + keptRuns().length;
const queue = Array.from({ length: Number(values.runs) }, (_, run) => jobsOf(run)).flat();
await Promise.all(
  Array.from({ length: Number(values.jobs) }, async (_, worker) => {
    const own = `${out}/${worker}`;
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const run = await soak(job, own);
      appendFileSync(kept, `${JSON.stringify(run)}\n`);
      const side = run.everyCycles === undefined ? 'sound' : `leak every ${run.everyCycles}`;
      console.log(
        `${run.kind}, ${side}: ${run.verdict} after ${run.cycles} cycles, ${run.seconds.toFixed(1)} s: ${run.reason}`,
      );
      rmSync(own, { recursive: true, force: true });
    }
  }),
);
const section = liveSection(title, kinds, keptRuns());
writePart(part, section, ['npm run accuracy:live --', ...flags, '--runs <n>'].join(' '));
for (const failure of section.failures) console.error(failure);
process.exitCode = section.failures.length === 0 ? 0 : 1;
