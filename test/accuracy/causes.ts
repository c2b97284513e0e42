// Which line and which holder plateau names for the leaks of test/fixtures/attribution: `npm run build && npx tsx
// test/accuracy/causes.ts`. Writes its table to RESULTS.md; ends with 1 when fewer than 95 % are right.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { attributeModule } from '../support/attribution-bench.js';
import { type PlantedLeak, plantedLeaks } from '../support/planted-leaks.js';
import { writePart } from './results-file.js';

const rightMin = 0.95;
const fixtures = new URL('../fixtures/attribution/', import.meta.url);

interface Trial {
  readonly name: string;
  readonly line: boolean;
  /** Absent where no object holds it: a descriptor, a child process. */
  readonly holder: boolean | undefined;
  readonly explained: number;
  readonly seconds: number;
  readonly accusedWhenSound: number;
}

async function trialOf(name: string, leak: PlantedLeak): Promise<Trial> {
  const module = fileURLToPath(new URL(`${name}.mjs`, fixtures));
  const { growth, holder, cycles = 2_000, driveMs = 200 } = leak;
  const attributeSide = async (variant: 'leaky' | 'sound') => {
    const directory = mkdtempSync(path.join(tmpdir(), 'plateau-causes-'));
    try {
      return await attributeModule({ module, variant, growth, cycles, driveMs, directory });
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  };
  const startedMs = performance.now();
  const { suspects, explained } = await attributeSide('leaky');
  const seconds = (performance.now() - startedMs) / 1_000;
  const planted =
    readFileSync(module, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes('// planted')) + 1;
  const [first] = suspects;
  return {
    name,
    line: first?.location?.file === module && first.location.line === planted,
    holder: holder === undefined ? undefined : holder.test(first?.holder?.path.join(' ') ?? ''),
    explained: explained[Object.keys(growth)[0]!] ?? 0,
    seconds,
    accusedWhenSound: (await attributeSide('sound')).suspects.length,
  };
}

const trials: Trial[] = [];
for (const [name, leak] of Object.entries(plantedLeaks)) {
  const trial = await trialOf(name, leak);
  trials.push(trial);
  console.log(rowOf(trial));
}
const lines = trials.filter(({ line }) => line).length;
const held = trials.filter(({ holder }) => holder !== undefined);
const holders = held.filter(({ holder }) => holder).length;
const closed = trials.filter(({ explained }) => explained >= 0.9 && explained <= 1.1).length;
const accused = trials.filter(({ accusedWhenSound }) => accusedWhenSound > 0).length;
const median = trials.map(({ seconds }) => seconds).sort((a, b) => a - b)[Math.floor(trials.length / 2)]!;

writePart(
  'causes',
  {
    title: `Causes of ${trials.length} planted leaks`,
    body: [
      `Each in a function module of its own, on a real process; time is that of the whole attribution pass, with starting a fresh target and reading its snapshots. First suspect on the planted line: ${lines} of ${trials.length}. Retaining path ends in the holder: ${holders} of ${held.length} that have one. Books within 0.9 and 1.1: ${closed} of ${trials.length}. Sound sides with a suspect: ${accused}. Median ${median.toFixed(1)} s.`,
      ['| leak | line | holder | explained | seconds | suspects when sound |', '|---|---|---|---|---|---|'].join('\n') +
        trials.map((trial) => `\n${rowOf(trial)}`).join(''),
    ].join('\n\n'),
    failures: [],
  },
  'npm run build && npx tsx test/accuracy/causes.ts',
);
if (lines < rightMin * trials.length || holders < rightMin * held.length || accused > 0) process.exitCode = 1;

function rowOf({ name, line, holder, explained, seconds, accusedWhenSound }: Trial): string {
  const answer = (right: boolean | undefined) => (right === undefined ? '-' : right ? 'right' : 'wrong');
  const cells = [name, answer(line), answer(holder), explained.toFixed(2), seconds.toFixed(1), accusedWhenSound];
  return `| ${cells.join(' | ')} |`;
}
