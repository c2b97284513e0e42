import type { RunDifference } from '../../model/comparison.js';
import type { Environment } from '../../model/run-record.js';

/** What can be said of a run beside its samples, whether from its manifest or from its record. */
export interface RunFacts {
  readonly scenario: string;
  readonly defects: readonly string[];
  readonly seed: number;
  readonly operations: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly budgets?: Readonly<Record<string, number>>;
  readonly visibility?: string;
  readonly environment: Environment;
}

type Weight = RunDifference['weight'];

/** Parameters whose change makes another experiment of it, and why. */
const voiding: Readonly<Record<string, string>> = {
  interpreterOnly: 'the interpreter alone allocates and keeps other things than compiled code does',
  universe: 'caches fill differently from other inputs',
};
const noted: Readonly<Record<string, string>> = {
  concurrency: 'more cycles under way at once hold more, and slow each other down',
  ratePerSecond: 'throughput is the rate that was asked for where there is one',
  settleMs: 'what goes away by itself is given another time for it',
};

/** What differs between two runs besides what they measured; those that void the comparison first. */
export function differencesOf(before: RunFacts, after: RunFacts): RunDifference[] {
  const found: RunDifference[] = [];
  const compare = (subject: string, left: unknown, right: unknown, weight: Weight, detail: string) => {
    const [one, other] = [textOf(left), textOf(right)];
    if (one !== other) found.push({ subject, before: one, after: other, weight, detail });
  };
  compare('scenario', before.scenario, after.scenario, 'voids', 'a cycle of one is not a cycle of the other');
  compare('operations', before.operations, after.operations, 'voids', 'a cycle of one is not a cycle of the other');
  if (before.visibility !== undefined && after.visibility !== undefined)
    compare('visibility', before.visibility, after.visibility, 'voids', 'the metrics were read in different ways');
  for (const [name, detail] of Object.entries(voiding))
    compare(`parameters.${name}`, before.parameters[name], after.parameters[name], 'voids', detail);
  compareRuntime(before.environment, after.environment, compare);
  for (const [name, detail] of Object.entries(noted))
    compare(`parameters.${name}`, before.parameters[name], after.parameters[name], 'note', detail);
  compare('seed', before.seed, after.seed, 'note', 'inputs, sizes of rounds and the mix of operations were drawn anew');
  compare('defects', before.defects, after.defects, 'note', 'planted on purpose');
  compareBudgets(before, after, compare);
  return found.sort((left, right) => Number(right.weight === 'voids') - Number(left.weight === 'voids'));
}

type Compare = (subject: string, left: unknown, right: unknown, weight: Weight, detail: string) => void;

function compareRuntime(before: Environment, after: Environment, compare: Compare): void {
  const node = ({ targetNode, node: own }: Environment) => targetNode ?? own;
  const major = (environment: Environment) => node(environment).split('.')[0];
  const otherMajor = major(before) !== major(after);
  compare(
    'environment.node',
    node(before),
    node(after),
    'note',
    otherMajor
      ? 'another V8 lays objects out differently and warms up differently: bytes and speed may differ by that alone'
      : 'a fix in Node itself shows here too',
  );
  compare('environment.platform', before.platform, after.platform, 'note', 'descriptors and pages are counted anew');
  const machine = 'throughput and latency are those of the machine';
  compare('environment.cpuModel', before.cpuModel, after.cpuModel, 'note', machine);
  compare('environment.cores', before.cores, after.cores, 'note', machine);
  compare('environment.plateau', before.plateau, after.plateau, 'note', 'another plateau may sample differently');
}

function compareBudgets(before: RunFacts, after: RunFacts, compare: Compare): void {
  if (before.budgets === undefined || after.budgets === undefined) return;
  for (const metric of [...new Set([...Object.keys(before.budgets), ...Object.keys(after.budgets)])].sort())
    compare(
      `budgets.${metric}`,
      before.budgets[metric] ?? 'default',
      after.budgets[metric] ?? 'default',
      'note',
      'the wider one is what a difference is measured against',
    );
}

function textOf(value: unknown): string {
  if (value === undefined) return 'none';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}
