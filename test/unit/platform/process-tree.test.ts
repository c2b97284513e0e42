import { describe, expect, it } from 'vitest';
import type { ProcessStat } from '../../../harness/platform/process-stat.js';
import {
  closeOverDescendants,
  isLeftToInit,
  ownAncestry,
  readOwnerMark,
  readProcessTable,
} from '../../../harness/platform/process-tree.js';

function tableOf(rows: readonly (readonly [pid: number, parent: number, group: number, session: number])[]) {
  return new Map(
    rows.map(([pid, parentPid, processGroup, session]) => [
      pid,
      { pid, parentPid, processGroup, session, state: 'S', name: '', startTime: pid } as ProcessStat,
    ]),
  );
}

describe('closeOverDescendants', () => {
  const table = tableOf([
    [1, 0, 1, 1],
    [10, 1, 10, 10],
    [11, 10, 10, 10],
    [12, 11, 12, 12],
    [13, 1, 12, 12],
    [14, 1, 10, 10],
    [20, 1, 20, 20],
    [21, 20, 20, 20],
  ]);
  const members = (seeds: number[], spared?: (stat: ProcessStat) => boolean) => [
    ...closeOverDescendants(table, seeds, spared).keys(),
  ];

  it('finds children, theirs, and the orphans of groups and sessions that a member leads', () => {
    expect(members([10]).sort()).toEqual([10, 11, 12, 13, 14]);
  });

  it('does not take the leader of its group for a descendant', () => {
    expect(members([21])).toEqual([21]);
  });

  it('leaves out what is spared, and what hangs on that alone', () => {
    expect(members([10], ({ pid }) => pid === 12).sort()).toEqual([10, 11, 14]);
  });

  it('tells what each joined by, after it in order', () => {
    const joined = [...closeOverDescendants(table, [11])];
    expect(joined).toEqual([
      [11, 11],
      [12, 11],
      [13, 12],
    ]);
  });

  it('ignores seeds that are gone', () => expect(members([99])).toEqual([]));
});

describe('isLeftToInit', () => {
  const zombie = (parentPid: number) => ({ pid: 11, parentPid, state: 'Z' }) as ProcessStat;
  const members = new Map([
    [10, 10],
    [11, 10],
  ]);

  it('is true of the dead whose parent is no part of the tree', () => {
    expect(isLeftToInit(zombie(1), members)).toBe(true);
  });

  it('is false of the dead whose parent should wait for them, and of orphans that live', () => {
    expect(isLeftToInit(zombie(10), members)).toBe(false);
    expect(isLeftToInit({ ...zombie(1), state: 'S' }, members)).toBe(false);
  });
});

describe.runIf(process.platform === 'linux')('the processes of this machine', () => {
  it('hold this one and all above it', () => {
    const table = readProcessTable();
    expect(table.get(process.pid)?.parentPid).toBe(process.ppid);
    expect([...ownAncestry(table)].slice(0, 2)).toEqual([process.pid, process.ppid]);
  });

  it('have no mark when they are gone or were not started by plateau', () => {
    expect(readOwnerMark(2 ** 30)).toBeUndefined();
    expect(readOwnerMark(1)).toBeUndefined();
  });
});
