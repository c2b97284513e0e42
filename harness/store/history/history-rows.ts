import type { JSValue } from 'node-sqlite3-wasm';
import type { HistoryEntry, HistoryRow, HistoryRun } from '../../model/history.js';

type Values = Record<string, JSValue>;

export function runValues(run: HistoryRun): Values {
  return {
    '@run_id': run.runId,
    '@scenario': run.scenario,
    '@variant': run.variant,
    '@purpose': run.purpose,
    '@night': run.night,
    '@started_at': run.startedAt,
    '@duration_ms': run.durationMs,
    '@git_commit': run.gitCommit ?? null,
    '@tags': run.tags === undefined ? null : JSON.stringify(run.tags),
    '@machine': run.machine,
    '@verdict': run.verdict,
    '@exit_code': run.exitCode,
    '@reason': run.reason,
    '@cycles': run.cycles,
  };
}

export function rowValues(row: HistoryRow): Values {
  return {
    '@run_id': row.runId,
    '@metric': row.metric,
    '@unit': row.unit,
    '@verdict': row.verdict ?? null,
    '@shape': row.shape ?? null,
    '@slope_estimate': row.slope?.estimate ?? null,
    '@slope_low': row.slope?.low ?? null,
    '@slope_high': row.slope?.high ?? null,
    '@slope_unit': row.slope?.unit ?? null,
    '@confidence': row.confidence ?? null,
    '@budget': row.budget ?? null,
    '@detection_floor': row.detectionFloor ?? null,
    '@level': row.level?.estimate ?? null,
    '@level_error': row.level?.standardError ?? null,
  };
}

/** A run with its rows as it was added: what was absent is absent. */
export function entryOf(values: Values, rows: readonly Values[]): HistoryEntry {
  const run = {
    runId: values.run_id,
    scenario: values.scenario,
    variant: values.variant,
    purpose: values.purpose,
    night: values.night,
    startedAt: values.started_at,
    durationMs: values.duration_ms,
    ...(values.git_commit !== null && { gitCommit: values.git_commit }),
    ...(typeof values.tags === 'string' && { tags: JSON.parse(values.tags) as object }),
    machine: values.machine,
    verdict: values.verdict,
    exitCode: values.exit_code,
    reason: values.reason,
    cycles: values.cycles,
  } as HistoryRun;
  return { run, rows: rows.map((row) => rowOf(row, run)) };
}

function rowOf(
  values: Values,
  { runId, scenario, variant, night, startedAt, gitCommit, machine }: HistoryRun,
): HistoryRow {
  const present = (name: string, column: string) => values[column] !== null && { [name]: values[column] };
  return {
    runId,
    scenario,
    variant,
    night,
    startedAt,
    ...(gitCommit !== undefined && { gitCommit }),
    machine,
    metric: values.metric,
    unit: values.unit,
    ...present('verdict', 'verdict'),
    ...present('shape', 'shape'),
    ...(values.slope_estimate !== null && {
      slope: {
        estimate: values.slope_estimate,
        low: values.slope_low,
        high: values.slope_high,
        unit: values.slope_unit,
      },
    }),
    ...present('confidence', 'confidence'),
    ...present('budget', 'budget'),
    ...present('detectionFloor', 'detection_floor'),
    ...(values.level !== null && { level: { estimate: values.level, standardError: values.level_error } }),
  } as HistoryRow;
}
