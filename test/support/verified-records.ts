import type { Finding, RunRecord } from '../../harness/model/run-record.js';

interface ShortFinding extends Pick<Finding, 'metric' | 'unit' | 'verdict' | 'shape'> {
  readonly estimate: number;
}

/** A record that says `leak`, with just the findings that a test is about. */
export function leakRecord(findings: readonly ShortFinding[]): RunRecord {
  return {
    schemaVersion: 1,
    id: '20260131-235959-a3k9x',
    scenario: 'system/loop',
    defects: [],
    seed: 1,
    startedAt: '2026-01-31T23:59:59.000Z',
    endedAt: '2026-02-01T00:00:09.000Z',
    command: 'plateau run system/loop',
    environment: { plateau: '0.1.0', node: 'v20.20.2', platform: 'linux x64', cpuModel: 'x', cores: 2, memoryBytes: 1 },
    parameters: {},
    counts: { cycles: 1, created: 1, destroyed: 1, failed: 0, rounds: 1, warmupRounds: 0 },
    verdict: 'leak',
    exitCode: 1,
    reason: '',
    findings: findings.map(({ estimate, ...finding }) => ({
      kind: 'growth',
      axis: 'cycle',
      ...finding,
      slope: { estimate, low: estimate, high: estimate, unit: `${finding.unit}/cycle` },
      confidence: 0.99,
      budget: 0,
      detectionFloor: null,
      first: 0,
      last: 0,
      rounds: 1,
      reason: '',
    })),
    suspects: [],
    audit: [],
    warnings: [],
    artifacts: [],
    rerun: 'plateau run system/loop --seed 1',
  };
}
