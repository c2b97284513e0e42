import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Manifest } from '../../harness/model/run-log.js';
import { ownIdentity } from '../../harness/platform/process-identity.js';
import { plateau } from '../support/cli.js';
import { functionModule, writeConfiguration } from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const short = ['--rounds', '3', '--cycles', '50', '--attribution', 'off', '--quiet'];

/** Soaked once, for all tests. */
const soaked = temporaryDirectory(afterAll);
beforeAll(() => plateau(['run', functionModule('sound'), ...short], { directory: soaked }));

/** A directory with three runs of one scenario; the copies differ in what is given. */
function threeRuns(directory: string, first: Partial<Manifest>): string[] {
  cpSync(soaked, directory, { recursive: true });
  const runs = join(directory, '.plateau', 'runs');
  const [last] = readdirSync(runs);
  const copies = ['20200101-000000-00aaa', '20200102-000000-00bbb'].map((id, index) => {
    cpSync(join(runs, last!), join(runs, id), { recursive: true });
    const path = join(runs, id, 'manifest.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    const startedAt = `2020-01-0${index + 1}T00:00:00.000Z`;
    writeFileSync(path, JSON.stringify({ ...manifest, id, startedAt, ...(index === 0 && first) }));
    return id;
  });
  return [...copies, last!];
}

test('old runs go, the last one stays; --dry-run shows it', async () => {
  const directory = temporaryDirectory();
  const [first, second, last] = threeRuns(directory, {});
  const runs = () => readdirSync(join(directory, '.plateau', 'runs'));
  const shown = await plateau(['prune', '--dry-run'], { directory });
  expect(shown.stdout).toMatch(
    new RegExp(`^would delete .*\\n {2}run ${first} .*older than 90 days\\n {2}run ${second} `),
  );
  expect(runs()).toHaveLength(3);
  const { exitCode, stdout } = await plateau(['prune'], { directory });
  expect([exitCode, stdout]).toEqual([0, shown.stdout.replace('would delete', 'deleted')]);
  expect(runs()).toEqual([last]);
});

test('what is in use, and what is to be kept, stays however old or large', async () => {
  const directory = temporaryDirectory();
  // This process is alive, and the run says that it is its own.
  const [first, second, last] = threeRuns(directory, { owner: ownIdentity() });
  writeConfiguration(directory, { scenarios: ['x'], retention: { size: '1 KiB', age: '1h', keep: [second] } });
  const { exitCode, stdout } = await plateau(['prune', '--json'], { directory });
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    deletions: [],
    spared: { 'in use': 1, pinned: 1, 'last of its scenario': 1 },
    exceeds: true,
    bytes: 0,
  });
  for (const id of [first, second, last])
    expect(existsSync(join(directory, '.plateau', 'runs', id!, 'run.json'))).toBe(true);
});

test('a run to keep that is not there is a mistake, and nothing is deleted for it', async () => {
  const directory = temporaryDirectory();
  threeRuns(directory, {});
  writeConfiguration(directory, { scenarios: ['x'], retention: { keep: ['nothing'] } });
  const { exitCode, stderr } = await plateau(['prune'], { directory });
  expect(stderr).toMatch(/^Run "nothing": expected an id/);
  expect(exitCode).toBe(3);
  expect(readdirSync(join(directory, '.plateau', 'runs'))).toHaveLength(3);
});
