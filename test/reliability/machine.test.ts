import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunRecord } from '../../harness/model/run-record.js';
import { leakingOrSound, row, type World } from './campaign.js';

/** Does work with a file system of its own, which root alone may mount. */
async function mounted(world: World, options: string, work: (path: string) => Promise<void>): Promise<void> {
  const path = join(world.directory, 'disk');
  mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  try {
    await work(path);
  } finally {
    execFileSync('umount', ['-l', path]);
  }
}

row({
  name: 'the disk is full at a random moment',
  expected: 'exit 4, ENOSPC; what was sampled is judged once there is room',
  async trial(world) {
    const { path, leaks } = leakingOrSound(world);
    await mounted(world, `size=${48 + Math.floor(world.random() * 40) * 4}k`, async (disk) => {
      const given = ['run', path, '--quiet', '--out', join(disk, 'out'), '--no-until-decided', '--duration', '40s'];
      const { exitCode, stderr } = await world.plateau(given);
      // Where all but the report fits, the run is judged, and only the report is missing.
      const full = /ENOSPC[\s\S]*PLATEAU_STORE|report could not be kept: .*ENOSPC/;
      expect([exitCode, stderr]).toEqual([4, expect.stringMatching(full)]);
      execFileSync('mount', ['-o', 'remount,size=64m', disk]);
      const runs = join(disk, 'out', 'runs');
      for (const run of readdirSync(runs).filter((id) => readdirSync(join(runs, id)).includes('manifest.json'))) {
        const { stdout } = await world.plateau(['analyse', run, '--json', '--out', join(disk, 'out')]);
        expect((JSON.parse(stdout) as RunRecord).verdict).not.toBe(leaks ? 'plateau' : 'leak');
      }
    });
  },
});

row({
  name: 'the output directory is read-only',
  expected: 'exit 4, EROFS, before the target is started',
  async trial(world) {
    const { path } = leakingOrSound(world);
    await mounted(world, 'ro', async (disk) => {
      const { exitCode, stderr } = await world.plateau(['run', path, '--quiet', '--out', join(disk, 'out')]);
      expect([exitCode, stderr]).toEqual([4, expect.stringMatching(/EROFS[\s\S]*PLATEAU_STORE/)]);
    });
  },
});

/** Delays each write below the output directory, as a disk does that others keep busy. */
const slowWrites = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
static void delay(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return;
  path[length] = 0;
  if (strstr(path, "/.plateau/")) usleep(CAMPAIGN_DELAY_US);
}
#define DELAYED(name, result, given, passed) \
  result name given { \
    static result (*real) given; \
    if (!real) real = (result (*) given) dlsym(RTLD_NEXT, #name); \
    delay(descriptor); \
    return real passed; \
  }
DELAYED(write, ssize_t, (int descriptor, const void *bytes, size_t count), (descriptor, bytes, count))
DELAYED(pwrite64, ssize_t, (int descriptor, const void *bytes, size_t count, off_t at), (descriptor, bytes, count, at))
DELAYED(writev, ssize_t, (int descriptor, const struct iovec *parts, int count), (descriptor, parts, count))
DELAYED(fsync, int, (int descriptor), (descriptor))
DELAYED(fdatasync, int, (int descriptor), (descriptor))
`;

row({
  name: 'the disk takes up to half a second for each write',
  expected: 'the verdict of any other run',
  share: 0.5,
  async trial(world) {
    const { path, leaks } = leakingOrSound(world);
    const library = join(world.directory, 'slow-writes.so');
    const delayUs = 50_000 + Math.floor(world.random() * 450_000);
    const source = join(world.directory, world.file('slow-writes.c', slowWrites));
    execFileSync('cc', ['-shared', '-fPIC', `-DCAMPAIGN_DELAY_US=${delayUs}`, '-o', library, source, '-ldl']);
    const { record, exitCode } = await world.run([path], { environment: { LD_PRELOAD: library } });
    expect([record.verdict, exitCode]).toEqual(leaks ? ['leak', 1] : ['plateau', 0]);
  },
});

/** Sets the clock of a process at a random moment; the monotonic one goes on, as on a machine. */
const clockShift = `
const own = Date.now;
const byMs = Number(process.env.CAMPAIGN_SHIFT_MS);
const atMs = performance.now() + Number(process.env.CAMPAIGN_SHIFT_AFTER_MS);
const shift = () => (performance.now() < atMs ? 0 : byMs);
globalThis.Date = class extends Date {
  constructor(...given) { given.length === 0 ? super(own() + shift()) : super(...given); }
  static now() { return own() + shift(); }
};
`;

for (const [name, byMs] of [
  ['back', -86_400_000],
  ['forward', 86_400_000],
] as const) {
  row({
    name: `the clock is set ${name} by a day at a random moment`,
    expected: 'the verdict of any other run, and a record that is valid',
    share: 0.5,
    async trial(world) {
      const { path, leaks } = leakingOrSound(world);
      const shift = join(world.directory, world.file('clock-shift.cjs', clockShift));
      const environment = {
        NODE_OPTIONS: `--require ${shift}`,
        CAMPAIGN_SHIFT_MS: String(byMs),
        CAMPAIGN_SHIFT_AFTER_MS: String(Math.floor(world.random() * 8_000)),
      };
      const { record, exitCode } = await world.run([path], { environment });
      expect([record.verdict, exitCode]).toEqual(leaks ? ['leak', 1] : ['plateau', 0]);
      const { stdout } = await world.plateau(['analyse', record.id, '--json']);
      expect((JSON.parse(stdout) as RunRecord).verdict).toBe(record.verdict);
    },
  });
}

row({
  name: 'plateau and its target may open few descriptors',
  expected: 'the verdict of any other run, or exit 4 with EMFILE and what to do',
  async trial(world) {
    const { path, leaks } = leakingOrSound(world);
    const limit = 20 + Math.floor(world.random() * 380);
    const before = ['prlimit', `--nofile=${limit}:${limit}`];
    const { exitCode, stdout, stderr } = await world.plateau(['run', path, '--quiet'], { before });
    if (exitCode === (leaks ? 1 : 0)) return;
    expect([exitCode, `${stdout}${stderr}`]).toEqual([4, expect.stringMatching(/EMFILE|descriptors/)]);
  },
});

row({
  name: 'the target leaks descriptors and may open 1,024',
  expected: '`leak` of descriptors, exit 1',
  share: 0.5,
  async trial(world) {
    const path = world.file(
      'descriptors.mjs',
      `import { openSync } from 'node:fs';
export const iterate = () => void openSync('/dev/null', 'r');
`,
    );
    const { record, exitCode } = await world.run([path], { before: ['prlimit', '--nofile=1024:1024'] });
    expect([record.verdict, exitCode]).toEqual(['leak', 1]);
    expect(record.findings.find(({ verdict }) => verdict === 'leak')?.metric).toMatch(/^fds/);
  },
});

/** Writes to its output as it goes, and leaks at every second attempt. */
function talking({ file, attempt }: World, write: string): { path: string; leaks: boolean } {
  const leaks = attempt % 2 === 0;
  const text = `const kept = [];
let written = 0;
export function iterate(cycle) {
  ${write}
  ${leaks ? "kept.push({ cycle, tags: ['a', String(cycle)] });" : ''}
}
export const gauges = () => ({ kept: kept.length });
`;
  return { path: file('talking.mjs', text), leaks };
}

const outputs = [
  ['50 MB of output', "if (written < 5e7) { const line = 'x'.repeat(9_999); console.log(line); written += 10_000; }"],
  ['output without a line break', "if (written < 5e7) { process.stdout.write('.'.repeat(1_000)); written += 1_000; }"],
] as const;

for (const [what, write] of outputs) {
  row({
    name: `the target writes ${what}`,
    expected: 'the verdict of any other run, and at most 9 MiB of log',
    share: 0.5,
    async trial(world) {
      const { path, leaks } = talking(world, write);
      const { record, exitCode } = await world.run([path]);
      expect([record.verdict, exitCode]).toEqual(leaks ? ['leak', 1] : ['plateau', 0]);
      const directory = join(world.directory, '.plateau', 'runs', record.id);
      const logs = readdirSync(directory).filter((name) => name.startsWith('target.log'));
      const bytes = logs.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
      expect(bytes).toBeGreaterThan(1_000);
      expect(bytes).toBeLessThan(9 * 1024 * 1024);
    },
  });
}
