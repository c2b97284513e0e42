import { describe, expect, test } from 'vitest';
import { judge } from '../../../harness/analyse/judge.js';
import type { Finding } from '../../../harness/model/run-record.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../support/synthetic-run.js';

const judged = (plan: SyntheticRun) => judge(syntheticRun(plan));
const find = (findings: readonly Finding[], metric: string) => findings.find((finding) => finding.metric === metric);
const steady = { throughput: () => 900, successRate: () => 1, fds: () => 23, heapUsed: heapFloor };

describe('what was read a few times only', () => {
  test('decides nothing, and is no pass: a gauge that was there at the first floors', () => {
    const { verdict, reason, findings } = judged({
      metrics: { ...steady, 'gauge.entries': ({ cycles, floor }) => (floor < 6 ? cycles : Number.NaN) },
    });
    expect(verdict).toBe('inconclusive');
    expect(reason).toBe('gauge.entries could not be read at most of the last floors; it was read at 6 in all');
    expect(find(findings, 'gauge.entries')?.cyclesToDecide).toBeUndefined();
  });

  test('is judged by its later readings where none lie between a quarter and a half of the cycles', () => {
    const isCounted = (floor: number) => (floor >= 8 && floor < 22) || floor >= 120;
    const counted = (perCycle: number) =>
      judged({
        floors: 160,
        phaseOf: (floor) => (isCounted(floor) ? 'census' : 'measure'),
        metrics: {
          ...steady,
          heapUsed: (place) => heapFloor(place) + 100 * perCycle * place.cycles,
          objects: ({ floor, cycles }) => (isCounted(floor) ? 8_300 + Math.round(perCycle * cycles) : Number.NaN),
        },
      });
    expect(find(counted(0).findings, 'objects')).toMatchObject({ verdict: 'plateau' });
    expect(find(counted(1).findings, 'objects')).toMatchObject({ verdict: 'leak' });
  });

  test('is shown beside the others where it takes so long to count that it is counted at the end only', () => {
    const counted = ({ floor }: FloorPlace) => (floor < 57 ? Number.NaN : 8_123);
    const { verdict, findings } = judged({
      phaseOf: (floor) => (floor < 57 ? 'measure' : 'census'),
      metrics: { ...steady, objects: counted, timers: counted },
    });
    expect(verdict).toBe('plateau');
    expect(find(findings, 'objects')?.verdict).toBe('advisory');
  });
});

test('of what is undecided, the reason names what needs most cycles', () => {
  const { verdict, reason, findings } = judged({
    floors: 16,
    cyclesPerRound: 10,
    metrics: { ...steady, tempFiles: ({ cycles }) => Math.round(cycles / 2) },
  });
  expect(verdict).toBe('inconclusive');
  const wanted = findings.filter((finding) => finding.verdict === 'inconclusive');
  const most = Math.max(...wanted.map(({ cyclesToDecide }) => cyclesToDecide!));
  expect(wanted.length).toBeGreaterThan(1);
  expect(reason.startsWith(`${wanted.find(({ cyclesToDecide }) => cyclesToDecide === most)!.metric} `)).toBe(true);
});
