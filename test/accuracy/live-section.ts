import { median } from '../../harness/analyse/statistics/order-statistics.js';
import type { LiveKind } from './live-kinds.js';
import type { Section } from './section.js';
import { markdownTable, share, Tally } from './tally.js';

/** One soak of a service. */
export interface LiveRun {
  readonly kind: string;
  /** Absent for the sound service. */
  readonly everyCycles?: number;
  readonly seed: number;
  /** Version that the service and plateau ran on. */
  readonly node: string;
  readonly nodeOptions: string;
  readonly verdict: string;
  readonly reason: string;
  readonly leaking: readonly string[];
  readonly cycles: number;
  readonly seconds: number;
  /** B of heap a cycle that leak, where that is known, and what was reported. */
  readonly plantedBytes?: number;
  readonly heapSlope?: number;
}

const isSound = ({ everyCycles }: LiveRun) => everyCycles === undefined;

/** What soaks of whole services came to, by kind. */
export function liveSection(title: string, kinds: readonly LiveKind[], runs: readonly LiveRun[]): Section {
  const rows = kinds.flatMap(({ name, shows }) => {
    const of = runs.filter(({ kind }) => kind === name);
    return [
      rowOf(`${name}, sound`, of.filter(isSound)),
      rowOf(
        `${name}, leaking`,
        of.filter((run) => !isSound(run)),
        shows,
      ),
    ].filter((row) => row !== undefined);
  });
  const sound = tallyOf(runs.filter(isSound));
  const leaking = tallyOf(runs.filter((run) => !isSound(run)));
  const versions = [...new Set(runs.map(({ node }) => node))].map(
    (version) => `${runs.filter(({ node }) => node === version).length} on Node ${version}`,
  );
  return {
    title: `${title}: ${runs.length} runs`,
    body: [
      'Services of `test/accuracy/services`, soaked with the command as users run it, to a verdict. Cells count leak / plateau / inconclusive.',
      `${versions.join(', ')}.`,
      markdownTable(['kind', 'verdicts', 'on the leaking metric', 'cycles', 'seconds'], rows),
      [
        `- false leaks on sound services: ${share(sound.leak, sound.all)}`,
        `- sound services that ended without a verdict: ${share(sound.inconclusive, sound.all)}`,
        `- leaks called plateau: ${share(leaking.plateau, leaking.all)}`,
        `- leaks found: ${share(leaking.leak, leaking.all)}`,
      ].join('\n'),
      ...sizedTable(runs),
    ].join('\n\n'),
    failures: runs.flatMap((run) => {
      const wrong = isSound(run) ? run.verdict === 'leak' : run.verdict === 'plateau';
      return wrong ? [`${run.kind}, seed ${run.seed}: ${run.verdict}: ${run.reason}`] : [];
    }),
  };
}

/** How large a leak was reported to be, of those whose size is known. */
function sizedTable(runs: readonly LiveRun[]): string[] {
  const sizes = [...new Set(runs.flatMap(({ plantedBytes }) => plantedBytes ?? []))].sort(
    (left, right) => left - right,
  );
  const rows = sizes.map((size) => {
    const of = runs.filter(({ plantedBytes }) => plantedBytes === size);
    const { leak, all } = tallyOf(of);
    const error = median(of.map(({ heapSlope }) => Math.abs(heapSlope! / size - 1)));
    return [String(size), share(leak, all), `${(100 * error).toFixed(1)} %`];
  });
  return rows.length === 0 ? [] : [markdownTable(['B of heap a cycle', 'found', 'median error of the slope'], rows)];
}

function rowOf(name: string, runs: readonly LiveRun[], shows?: readonly string[]): string[] | undefined {
  if (runs.length === 0) return undefined;
  const named = runs.filter(({ leaking }) => leaking.some((metric) => shows?.includes(metric)));
  return [
    name,
    String(tallyOf(runs)),
    shows === undefined ? '' : `${named.length} of ${runs.length}`,
    Math.round(median(runs.map(({ cycles }) => cycles))).toLocaleString('en'),
    median(runs.map(({ seconds }) => seconds)).toFixed(1),
  ];
}

function tallyOf(runs: readonly LiveRun[]): Tally {
  const tally = new Tally();
  for (const { verdict } of runs) tally.add(verdict);
  return tally;
}
