import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { analyseSnapshots } from '../../harness/attribute/snapshot/analyse-snapshots.js';
import { findWaitingCalls } from '../../harness/attribute/snapshot/waiting-calls.js';
import { damaged, fuzzing } from '../support/fuzz.js';
import { type SketchedNode, writeHeapSnapshot } from '../support/heap-snapshot.js';

const directory = mkdtempSync(join(tmpdir(), 'plateau-fuzz-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const before = join(directory, 'before.heapsnapshot');
const after = join(directory, 'after.heapsnapshot');

/** A map in a module that holds more objects the second time, and a promise that waits. */
function sketch(entries: number): SketchedNode[] {
  const held = Array.from(
    { length: entries },
    (_, index): SketchedNode => ({
      id: 101 + index * 2,
      type: 'object',
      name: 'Session',
      size: 64,
      edges: [['property', 'next', 13]],
    }),
  );
  return [
    { id: 1, type: 'synthetic', name: '', edges: [['element', 1, 3]] },
    { id: 3, type: 'synthetic', name: '(GC roots)', edges: [['element', 1, 5]] },
    {
      id: 5,
      type: 'object',
      name: 'global',
      size: 24,
      edges: [
        ['property', 'sessions', 7],
        ['property', 'run', 11],
      ],
    },
    { id: 7, type: 'object', name: 'Map', size: 32, edges: [['internal', 'table', 9]] },
    {
      id: 9,
      type: 'array',
      name: '',
      size: 16 + entries * 8,
      edges: held.map(({ id }, index) => ['internal', index, id]),
    },
    {
      id: 11,
      type: 'closure',
      name: 'run',
      size: 64,
      location: [12, 3, 4],
      edges: [
        ['internal', 'context', 13],
        ['internal', 'shared', 15],
      ],
    },
    { id: 13, type: 'object', name: 'Promise', size: 40, edges: [['internal', 'reactions_or_result', 11]] },
    { id: 15, type: 'code', name: 'run', size: 40, edges: [['internal', 'script', 17]] },
    { id: 17, type: 'code', name: '/srv/app.js', size: 40 },
    ...held,
  ];
}
writeHeapSnapshot(before, sketch(4));
writeHeapSnapshot(after, sketch(40));
const original = readFileSync(after);

it('a heap snapshot that was cut or crafted ends in a result or an error, within time and memory', () => {
  let read = 0;
  fc.assert(
    fc.property(damaged(original), (bytes) => {
      writeFileSync(after, bytes);
      for (const work of [
        () =>
          analyseSnapshots({
            before,
            after,
            clocks: { dateMs: 1e12, processMs: 1e4 },
            growing: [7, 9],
            own: ['/own/'],
          }),
        () => findWaitingCalls({ path: after, own: ['/own/'] }),
      ]) {
        try {
          work();
          read += 1;
        } catch (error) {
          // It is read in a process of its own, whose error becomes a warning of the run.
          expect((error as Error).message).toMatch(/heap snapshot/);
        }
      }
    }),
    fuzzing,
  );
  expect(read).toBeGreaterThan(0);
});
