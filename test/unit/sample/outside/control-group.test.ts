import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { crashError } from '../../../../harness/run/measuring/pass-end.js';
import { ControlGroup } from '../../../../harness/sample/outside/control-group.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const kilobyte = 1024;

/** As the kernel shows a process of number 7 in a group, and plateau in another: the real ones cannot be had in a test. */
function groups({ target = '/api.slice/web.service', own = '/user.slice', limit = 'max' } = {}) {
  const directory = temporaryDirectory();
  const [proc, mount] = [join(directory, 'proc'), join(directory, 'cgroup')];
  for (const [pid, path] of [
    ['7', target],
    ['self', own],
  ] as const) {
    mkdirSync(join(proc, pid), { recursive: true });
    writeFileSync(join(proc, pid, 'cgroup'), `4:memory:/old\n0::${path}\n`);
  }
  writeFileSync(
    join(proc, 'self', 'mountinfo'),
    `24 1 0:22 / /proc rw - proc proc rw\n31 24 0:27 / ${mount} rw,nosuid shared:9 - cgroup2 cgroup2 rw\n`,
  );
  const group = join(mount, target);
  mkdirSync(group, { recursive: true });
  writeFileSync(join(group, 'memory.current'), `${640 * kilobyte}\n`);
  writeFileSync(join(group, 'memory.peak'), `${900 * kilobyte}\n`);
  writeFileSync(join(group, 'memory.max'), `${limit}\n`);
  const kill = (kills: number) =>
    writeFileSync(join(group, 'memory.events'), `low 0\nhigh 0\nmax 12\noom 3\noom_kill ${kills}\noom_group_kill 0\n`);
  kill(0);
  return { proc, group, kill };
}

test('of a group of its own the memory, its peak and the kills are read', () => {
  const { proc, kill } = groups({ limit: String(1024 * kilobyte) });
  const group = ControlGroup.of(7, proc)!;
  expect(group.read()).toEqual({ groupMemory: 640 * kilobyte, groupPeakMemory: 900 * kilobyte, oomKills: 0 });
  kill(2);
  expect(group.kills).toBe(2);
  expect(group.limitBytes).toBe(1024 * kilobyte);
});

test("in a group that plateau lives in too, only kills are the target's affair", () => {
  const { proc, kill } = groups({ own: '/api.slice/web.service' });
  const group = ControlGroup.of(7, proc)!;
  kill(1);
  expect(group.read()).toEqual({});
  expect(group.kills).toBe(1);
  expect(group.limitBytes).toBeUndefined();
});

test('an older kernel shows no peak, and a group that is gone shows nothing', () => {
  const { proc, group: directory } = groups();
  rmSync(join(directory, 'memory.peak'));
  const group = ControlGroup.of(7, proc)!;
  expect(group.read()).toEqual({ groupMemory: 640 * kilobyte, oomKills: 0 });
  rmSync(directory, { recursive: true });
  expect(group.read()).toEqual({});
  expect(group.kills).toBeUndefined();
});

test('there is none where memory is not counted by group, and of a process that has ended', () => {
  const { proc, group } = groups();
  expect(ControlGroup.of(8, proc)).toBeUndefined();
  rmSync(join(group, 'memory.current'));
  expect(ControlGroup.of(7, proc)).toBeUndefined();
});

test('a target that the kernel killed for memory is reported so, with the limit', () => {
  const killed = { exitCode: undefined, signal: 'SIGKILL', expected: false } as const;
  expect(crashError(killed, { limitBytes: 512 * kilobyte ** 2 }).message).toBe(
    'the target was killed for memory in mid-run (SIGKILL; the kernel counts it in its control group, which may have 512 MiB)',
  );
  expect(crashError(killed, {}).message).toContain('killed for memory');
  expect(crashError(killed).message).toBe('the target ended in mid-run with signal SIGKILL');
  expect(crashError({ exitCode: 1, signal: undefined, expected: false }).hint).toBe('see what it printed last');
  expect(crashError({ exitCode: 0, signal: undefined, expected: false }).hint).toContain('stays in the foreground');
  expect(crashError({ ...killed, signal: 'SIGSEGV' }, {}).message).toContain('signal SIGSEGV');
});
