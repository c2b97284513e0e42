import type { RunRecord } from '../../harness/index.js';
import type { StoreCase } from '../fixtures/runtimes/store-case.js';
import type { Section } from './section.js';

export interface StoreRun {
  readonly name: string;
  readonly leaks: boolean;
  readonly verdict: string;
  /** A leak with the metric that was planted, or a sound case that passed. */
  readonly isRight: boolean;
  readonly metric: string | undefined;
  readonly slope: number | undefined;
  readonly truth: number | undefined;
  readonly detectionFloor: number | undefined;
  readonly causeIsRight: boolean | undefined;
  readonly cause: string | undefined;
  readonly cycles: number;
  readonly seconds: number;
  readonly others: readonly string[];
}

/** What a run said, against what is known of its case. */
export function judgedCase({ scenario, leak }: StoreCase, record: RunRecord, seconds: number): StoreRun {
  const leaking = record.findings.filter(({ verdict }) => verdict === 'leak');
  const metric = leak?.metric ?? 'heapUsed';
  const finding = record.findings.find((candidate) => candidate.metric === metric);
  const cause = record.suspects.find(({ description, holder }) =>
    leak?.cause.test(`${description} ${holder?.description ?? ''}`),
  );
  return {
    name: scenario.name,
    leaks: leak !== undefined,
    verdict: record.verdict,
    isRight:
      leak === undefined
        ? record.verdict === 'plateau'
        : leaking.some((candidate) => candidate.metric === metric || leak.also?.includes(candidate.metric)),
    metric: leak?.metric,
    slope: finding?.slope.estimate,
    truth: leak?.perCycle,
    detectionFloor: finding?.detectionFloor ?? undefined,
    causeIsRight: leak === undefined ? undefined : cause !== undefined,
    cause: (cause ?? record.suspects[0])?.description,
    cycles: record.counts.cycles,
    seconds,
    others: [
      ...leaking.filter((candidate) => candidate.metric !== metric),
      ...record.findings.filter(({ verdict }) => verdict === 'inconclusive'),
    ].map((candidate) => `${candidate.metric} ${candidate.verdict}`),
  };
}

export function storeSection(title: string, runs: readonly StoreRun[]): Section {
  const leaking = runs.filter(({ leaks }) => leaks);
  const sound = runs.filter(({ leaks }) => !leaks);
  const count = (of: readonly StoreRun[], holds: (run: StoreRun) => boolean) =>
    `${of.filter(holds).length} of ${of.length}`;
  const body = [
    '| case | verdict | slope a cycle | truth | found from | cause | cycles | seconds |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...runs.map(rowOf),
    '',
    `- leaks found: ${count(leaking, ({ isRight }) => isRight)}`,
    `- causes named: ${count(leaking, ({ causeIsRight }) => causeIsRight === true)}`,
    `- leaks called plateau: ${count(leaking, ({ verdict }) => verdict === 'plateau')}`,
    `- sound cases that passed: ${count(sound, ({ isRight }) => isRight)}`,
    `- false leaks: ${count(sound, ({ verdict }) => verdict === 'leak')}`,
  ].join('\n');
  const failures = runs
    .filter(({ leaks, verdict }) => verdict === (leaks ? 'plateau' : 'leak'))
    .map(({ name, verdict }) => `${name}: ${verdict}`);
  return { title: `${title}: ${runs.length} runs`, body, failures };
}

function rowOf(run: StoreRun): string {
  const number = (value: number | undefined) => (value === undefined ? '' : String(Number(value.toPrecision(3))));
  const slope = run.leaks ? `${run.metric} ${number(run.slope)}` : '';
  const cells = [
    `${run.name.split('/').at(-1)}${run.leaks ? '' : ', sound'}`,
    run.verdict,
    slope,
    number(run.truth),
    run.leaks ? '' : number(run.detectionFloor),
    run.leaks ? `${run.causeIsRight ? '' : 'not named: '}${(run.cause ?? '-').replaceAll('|', '\\|')}` : '',
    run.cycles.toLocaleString('en'),
    run.seconds.toFixed(1),
  ];
  return `| ${cells.join(' | ')} |`;
}
