import { parentMetric } from '../model/metric.js';
import type { RunOptions } from '../model/run-options.js';
import type { Finding, RunRecord } from '../model/run-record.js';
import type { Expectation, Scenario } from '../model/scenario.js';
import { loadDefinition } from '../scenario/load-scenario.js';
import { runScenario } from './run-scenario.js';

/** A built-in target with or without one defect, and what a run of it must show. */
export interface VerificationRow {
  readonly scenario: Scenario;
  /** Absent: the sound target. */
  readonly defect?: string;
  /** Findings of the audits that this row shows. */
  readonly audit: readonly string[];
  readonly expect: Expectation;
}

export interface VerifiedRow {
  readonly row: VerificationRow;
  readonly holds: boolean;
  /** What the run showed, in the words of the expectation. */
  readonly got: string;
  readonly record: RunRecord;
}

const defaultTolerance = { bytes: 0.15, counts: 0.02 } as const;

/** Every row of some scenarios: the sound target, then each defect by itself. */
export function verificationRows(scenarios: readonly Scenario[]): VerificationRow[] {
  return scenarios.flatMap((scenario) => [
    { scenario, audit: scenario.sound ?? [], expect: { verdict: 'plateau' as const } },
    ...Object.entries(scenario.defects ?? {}).map(([defect, { audit, expect }]) => ({
      scenario,
      defect,
      audit: audit ?? [],
      expect,
    })),
  ]);
}

/** Runs a row and holds what it showed against what was expected. */
export async function verifyRow(row: VerificationRow, options: RunOptions): Promise<VerifiedRow> {
  const source = loadDefinition(row.scenario, process.cwd());
  const record = await runScenario(source, { ...options, defects: row.defect === undefined ? [] : [row.defect] });
  return { row, record, holds: meets(record, row.expect), got: shown(record, row.expect) };
}

/** Whether a record shows what was expected, on the metric that was named and not merely on some metric. */
export function meets(record: RunRecord, expect: Expectation): boolean {
  if (record.verdict !== expect.verdict) return false;
  if (expect.metric === undefined) return true;
  const finding = record.findings.find(({ metric }) => metric === expect.metric);
  if (finding === undefined || !decidesFor(finding, expect)) return false;
  if (expect.shape !== undefined && finding.shape !== expect.shape) return false;
  return expect.perCycle === undefined || isNear(finding, expect.perCycle, expect.tolerance);
}

function decidesFor(finding: Finding, { verdict, metric }: Expectation): boolean {
  // A breakdown (fds.file) is shown beside the metric that decides.
  return finding.verdict === verdict || (metric !== undefined && parentMetric(metric) !== undefined);
}

function isNear({ slope, unit }: Finding, perCycle: number, tolerance: number | undefined): boolean {
  const relative = tolerance ?? (unit === 'B' ? defaultTolerance.bytes : defaultTolerance.counts);
  return Math.abs(slope.estimate - perCycle) <= relative * Math.abs(perCycle);
}

function shown(record: RunRecord, { metric }: Expectation): string {
  const named = metric === undefined ? undefined : record.findings.find((finding) => finding.metric === metric);
  const finding = named ?? record.findings.find(({ verdict }) => verdict === record.verdict);
  if (finding === undefined || (record.verdict === 'plateau' && named === undefined)) return record.verdict;
  return `${record.verdict}; ${finding.metric} ${finding.verdict}, ${finding.slope.estimate.toPrecision(4)} ${finding.slope.unit}, ${finding.shape}`;
}
