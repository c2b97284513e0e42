import type { Manifest } from '../../harness/model/run-log.js';
import type { Sample } from '../../harness/model/sample.js';

/** What a run of a scenario with one operation writes first. */
export function manifestWith(changes: Partial<Manifest> = {}): Manifest {
  return {
    schemaVersion: 1,
    id: '20260131-120000-00abc',
    scenario: 'branch-store/branches',
    defects: [],
    operations: ['branch'],
    seed: 41,
    startedAt: '2026-01-31T12:00:00.000Z',
    command: 'plateau run branch-store/branches',
    rerun: 'plateau run branch-store/branches --seed 41',
    environment: {
      plateau: '0.1.0',
      node: '20.20.2',
      platform: 'linux x64',
      cpuModel: 'a processor',
      cores: 2,
      memoryBytes: 8_000_000_000,
    },
    parameters: {
      cyclesPerRound: 'auto',
      rounds: 480,
      durationMs: 300_000,
      concurrency: 4,
      untilDecided: true,
      confidence: 0.99,
      thorough: false,
      attribution: 'on-leak',
      universe: 256,
      settleMs: 0,
      interpreterOnly: false,
    },
    budgets: {},
    gauges: {},
    visibility: 'node',
    owner: { pid: 4711, startTime: 12, bootId: 'b3c1', pidNamespace: 'pid:[4026531836]' },
    ...changes,
  };
}

export function sampleWith(changes: Partial<Sample> = {}): Sample {
  return {
    kind: 'floor',
    phase: 'measure',
    round: 0,
    elapsedMs: 100,
    cycles: 220,
    cyclesByOperation: { branch: 220 },
    values: { heapUsed: 6_000_000, fds: 23 },
    ...changes,
  };
}
