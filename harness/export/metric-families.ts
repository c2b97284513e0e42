import type { LiveSeries, RunProgress } from '../model/run-options.js';
import type { RunRecord } from '../model/run-record.js';
import { findingVerdicts, runVerdicts } from '../model/verdict.js';

/** What is exported of one run: its last progress, and its record once it is judged. */
export interface ExportedRun {
  readonly scenario: string;
  /** Planted defects with `+` between them; empty for the scenario as it is. */
  readonly variant: string;
  /** Further labels. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly progress?: RunProgress;
  readonly record?: RunRecord;
}

export interface FamilyDefinition {
  /** Without the `_total` of counters. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'info';
  /** OpenMetrics unit, the last word of the name; absent where values differ in unit, which then is a label. */
  readonly unit?: string;
  readonly help: string;
}

export interface MetricValue {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface MetricFamily extends FamilyDefinition {
  readonly values: readonly MetricValue[];
}

type Reader = (run: ExportedRun) => readonly MetricValue[];

const one = (value: number | undefined): MetricValue[] => (value === undefined ? [] : [{ labels: {}, value }]);

const readers: readonly (FamilyDefinition & { readonly read: Reader })[] = [
  {
    name: 'plateau_run',
    type: 'info',
    help: 'The run that the other metrics are of.',
    read: ({ progress, record }) => {
      const run = progress?.runId ?? record?.id;
      return run === undefined ? [] : [{ labels: { run }, value: 1 }];
    },
  },
  {
    name: 'plateau_cycles',
    type: 'counter',
    help: 'Cycles driven, each a create and its destroy.',
    read: ({ progress, record }) => one(record?.counts.cycles ?? progress?.cycles),
  },
  {
    name: 'plateau_failed_cycles',
    type: 'counter',
    help: 'Cycles of which a create or a destroy failed.',
    read: ({ progress, record }) => one(record?.counts.failed ?? progress?.failed),
  },
  {
    name: 'plateau_rounds',
    type: 'counter',
    help: 'Rounds driven, each with a floor at its end.',
    read: ({ progress, record }) => one(record?.counts.rounds ?? progress?.round),
  },
  {
    name: 'plateau_cycles_per_second',
    type: 'gauge',
    help: 'Cycles per second of driving.',
    read: ({ progress, record }) => one(record === undefined ? progress?.cyclesPerSecond : 0),
  },
  {
    name: 'plateau_elapsed_seconds',
    type: 'gauge',
    unit: 'seconds',
    help: 'Time since the first cycle.',
    read: ({ progress }) => one(progress === undefined ? undefined : progress.elapsedMs / 1000),
  },
  {
    name: 'plateau_stage',
    type: 'gauge',
    help: 'What the run is doing: 1 for its stage.',
    read: ({ progress, record }) => {
      const stage = record === undefined ? progress?.stage : 'judged';
      return stage === undefined ? [] : [{ labels: { stage }, value: 1 }];
    },
  },
  {
    name: 'plateau_undecided',
    type: 'gauge',
    help: 'Metrics that are neither shown to level off nor to leak yet.',
    read: ({ progress, record }) => one(record === undefined ? progress?.undecided.length : undecidedIn(record)),
  },
  {
    name: 'plateau_floor',
    type: 'gauge',
    help: 'Value of a metric at the last floor: at rest, after collection, without compiled code.',
    read: ({ progress }) => (progress?.series ?? []).flatMap(floorValue),
  },
  {
    name: 'plateau_slope',
    type: 'gauge',
    help: 'Growth of a metric, in its unit per cycle (or per hour): estimate and interval.',
    read: ({ record }) =>
      (record?.findings ?? []).flatMap(({ metric, slope }) =>
        (['low', 'estimate', 'high'] as const).map((bound) => ({
          labels: { metric, unit: slope.unit, bound },
          value: slope[bound],
        })),
      ),
  },
  {
    name: 'plateau_budget',
    type: 'gauge',
    help: 'Largest growth of a metric that passes, in the unit of its slope.',
    read: ({ record }) =>
      (record?.findings ?? []).map(({ metric, slope, budget }) => ({
        labels: { metric, unit: slope.unit },
        value: budget,
      })),
  },
  {
    name: 'plateau_metric_verdict',
    type: 'gauge',
    help: 'How a metric was judged: 1 for its verdict, 0 for the others.',
    read: ({ record }) =>
      (record?.findings ?? []).flatMap(({ metric, verdict: judged }) =>
        findingVerdicts.map((verdict) => ({ labels: { metric, verdict }, value: Number(verdict === judged) })),
      ),
  },
  {
    name: 'plateau_verdict',
    type: 'gauge',
    help: 'How the run was judged: 1 for its verdict, 0 for the others.',
    read: ({ record }) =>
      record === undefined
        ? []
        : runVerdicts.map((verdict) => ({ labels: { verdict }, value: Number(verdict === record.verdict) })),
  },
];

/** Every family that is exported, in order. */
export function familyDefinitions(): readonly FamilyDefinition[] {
  return readers.map(({ read: _read, ...definition }) => definition);
}

/** What there is to report of some runs; families without a value are left out. */
export function metricFamilies(runs: readonly ExportedRun[]): MetricFamily[] {
  return readers.flatMap(({ read, ...definition }) => {
    const values = runs.flatMap((run) =>
      read(run).map(({ labels, value }) => ({ labels: { ...seriesLabels(run), ...labels }, value })),
    );
    return values.length === 0 ? [] : [{ ...definition, values }];
  });
}

function seriesLabels({ scenario, variant, tags }: ExportedRun): Record<string, string> {
  return { ...tags, scenario, ...(variant !== '' && { variant }) };
}

function floorValue({ metric, unit, floors }: LiveSeries): MetricValue[] {
  const value = floors.at(-1);
  return value === undefined ? [] : [{ labels: { metric, unit }, value }];
}

function undecidedIn({ findings }: RunRecord): number {
  return findings.filter(({ verdict }) => verdict === 'inconclusive').length;
}
