import { expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

const judged = (plan: SyntheticRun) => judge(syntheticRun(plan));
const steady = { throughput: () => 900, successRate: () => 1, fds: () => 23, heapUsed: heapFloor };

test('an event loop that keeps a core busy at rest is spinning', () => {
  const busy = ({ floor, random }: FloorPlace) => (floor % 6 === 0 ? 0.9 + 0.1 * random() : Number.NaN);
  expect(judged({ metrics: { ...steady, cpuIdle: busy } }).verdict).toBe('spinning');
  expect(judged({ metrics: { ...steady, cpuIdle: (place) => busy(place) / 100 } }).verdict).toBe('plateau');
});

test('with a budget, the loop delay is judged under load too', () => {
  const run = syntheticRun({ metrics: { ...steady, eventLoopDelay: () => 2 } });
  const loaded = syntheticRun({ kind: 'load', floors: 20, metrics: { eventLoopDelay: () => 900 } });
  const budgets = { eventLoopDelay: 100 };
  expect(judge({ ...run, manifest: { ...run.manifest, budgets } }).verdict).toBe('plateau');
  expect(judge({ ...loaded, manifest: { ...loaded.manifest, budgets } }).verdict).toBe('spinning');
});
