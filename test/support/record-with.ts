import { type Finding, type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';

const base: RunRecord = {
  schemaVersion: 1,
  id: '20261121-071502-7f3a9c',
  scenario: 'branch-store/branches',
  defects: [],
  seed: 41,
  startedAt: '2026-11-21T07:15:02.000Z',
  endedAt: '2026-11-21T07:15:14.400Z',
  command: 'plateau run branch-store/branches',
  environment: {
    plateau: '0.1.0',
    node: '20.20.2',
    targetNode: '20.20.2',
    platform: 'linux x64',
    cpuModel: 'AMD EPYC 7B13',
    cores: 2,
    memoryBytes: 8_326_590_464,
    gitCommit: '3799af3',
  },
  parameters: {
    cyclesPerRound: 220,
    rounds: 480,
    durationMs: 300_000,
    concurrency: 4,
    untilDecided: true,
    confidence: 0.99,
    attribution: 'on-leak',
    universe: 256,
  },
  counts: { cycles: 13_240, created: 13_240, destroyed: 13_240, failed: 0, rounds: 60, warmupRounds: 12 },
  verdict: 'plateau',
  exitCode: 0,
  reason: 'All 12 judged metrics stay within their budgets.',
  findings: [],
  suspects: [],
  latency: {
    'branch.create': { count: 13_240, p50: 0.82, p90: 1.31, p99: 3.4, max: 21.7 },
    'branch.destroy': { count: 13_240, p50: 0.41, p90: 0.66, p99: 1.9, max: 12.2 },
  },
  audit: [
    { check: 'control', ok: true, detail: 'a planted leak of 64 B/cycle was seen, and its release too' },
    { check: 'load', ok: true, detail: '13,240 of 13,240 cycles landed' },
    { check: 'settled', ok: true, detail: 'every floor agreed with its second read' },
  ],
  warnings: [],
  artifacts: [{ kind: 'samples', path: 'samples.ndjson' }],
  rerun: 'plateau run branch-store/branches --seed 41',
};

export function recordWith(changes: Partial<RunRecord>): RunRecord {
  return runRecordSchema.parse({ ...base, ...changes });
}

export function findingWith(changes: Partial<Finding> & Pick<Finding, 'metric'>): Finding {
  const unit = changes.unit ?? 'B';
  return runRecordSchema.shape.findings.element.parse({
    unit,
    verdict: 'plateau',
    shape: 'flat',
    slope: { estimate: 0, low: 0, high: 0, unit: `${unit}/cycle` },
    confidence: 0.99,
    budget: unit === 'B' ? 8 : 0,
    detectionFloor: unit === 'B' ? 6.2 : 0.0003,
    first: 12,
    last: 12,
    rounds: 48,
    warmupRounds: 12,
    reason: 'its whole interval lies within the budget',
    ...changes,
  });
}
