import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { agentEnvironment } from '../../../harness/model/agent-protocol.js';
import { formatOwnerMark } from '../../../harness/platform/process-identity.js';
import type { ProcessStat } from '../../../harness/platform/process-stat.js';
import {
  closeOverDescendants,
  findProcessTree,
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

  it('shows what each joined by, after it in order', () => {
    const joined = [...closeOverDescendants(table, [11])];
    expect(joined).toEqual([
      [11, 11],
      [12, 11],
      [13, 12],
    ]);
  });

  it('leaves those to init that have ended and whose parent is no part of it, in whatever order they come', () => {
    const ended = new Map(table);
    const end = (pid: number, parentPid: number) =>
      ended.set(pid, { ...table.get(10)!, pid, parentPid, processGroup: 10, session: 10, state: 'Z' });
    end(9, 11);
    end(15, 11);
    end(16, 1);
    expect([...closeOverDescendants(ended, [10]).keys()].sort((a, b) => a - b)).toEqual([9, 10, 11, 12, 13, 14, 15]);
  });

  it('ignores seeds that are gone', () => expect(members([99])).toEqual([]));
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

  it('that started a process are none that it started, however soon after them it began', async () => {
    // The shell waits for its command: `sleep` is a child of it.
    const shell = spawn('sh', ['-c', 'sleep 60 & echo $!; wait'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, [agentEnvironment.owner]: formatOwnerMark('of-this-test') },
    });
    onTestFinished(() => void shell.kill());
    const [line] = await once(shell.stdout.setEncoding('utf8'), 'data');
    const sleeping = Number(line);
    onTestFinished(() => void process.kill(sleeping));
    // As if the clock had no tick between the two.
    const root = { pid: sleeping, startTime: 0 };
    expect(findProcessTree(root, 'of-this-test').map(({ pid }) => pid)).toEqual([sleeping]);
  });
});
