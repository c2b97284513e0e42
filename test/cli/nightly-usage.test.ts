import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { NightPlan } from '../../harness/model/night.js';
import { plateau } from '../support/cli.js';
import { functionModule, writeConfiguration } from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

test('a build that fails: exit 4, its last lines, and no night is spent', async () => {
  const directory = temporaryDirectory();
  writeConfiguration(directory, { scenarios: [functionModule('sound')], build: 'echo no compiler here; exit 7' });
  const { exitCode, stdout, stderr } = await plateau(['nightly'], { directory });
  expect(exitCode).toBe(4);
  expect(stdout).toBe('');
  expect(stderr).toMatch(
    /^build "echo no compiler here; exit 7": expected exit code 0, got exit code 7\n {4}no compiler here\nTry: .*build\.log$/m,
  );
});

test('--dry-run, --only and --shard plan without running', async () => {
  const directory = temporaryDirectory();
  const scenario = functionModule('sound');
  writeConfiguration(directory, {
    scenarios: [
      { scenario, name: 'a' },
      { scenario, name: 'b', minimum: '30s' },
      { scenario, name: 'c', variants: { x: {}, y: {} } },
    ],
    nightly: { time: '10m', minimum: '1m', targetsAtOnce: 1 },
  });
  const planOf = async (...given: string[]) => {
    const { exitCode, stdout, stderr } = await plateau(['nightly', '--dry-run', '--json', ...given], { directory });
    expect([exitCode, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as NightPlan;
  };
  const plan = await planOf();
  expect(plan.entries.map(({ name, startsAfterMs }) => [name, startsAfterMs])).toEqual([
    ['a', 0],
    ['b', 60_000],
    ['c@x', 90_000],
    ['c@y', 150_000],
  ]);
  expect(plan).toMatchObject({ budgetMs: 600_000, minMs: 210_000, canaries: 1, targetsAtOnce: 1 });
  expect((await planOf('--only', 'a,c')).entries.map(({ name }) => name)).toEqual(['a', 'c@x', 'c@y']);
  const parts = await Promise.all(['1/2', '2/2'].map((shard) => planOf('--shard', shard)));
  expect(parts.map(({ entries }) => entries.map(({ name }) => name))).toEqual([
    ['a', 'c@x'],
    ['b', 'c@y'],
  ]);
  const shown = await plateau(['nightly', '--dry-run'], { directory, environment: { COLUMNS: '80' } });
  expect(shown.stdout).toMatch(/^plan {2}4 scenarios in 10m, one target at a time\n/);
  expect(existsSync(join(directory, '.plateau'))).toBe(false);
});

/** Configuration or options, what is said, what is proposed. */
const wrong: readonly (readonly [object | string, string[], RegExp, RegExp])[] = [
  [
    { scenarios: [] },
    [],
    /^plateau\.config\.mjs: `scenarios` must be a list of at least one scenario, got `\[\]` \(array\)\.$/m,
    /README/,
  ],
  [{ scenarios: ['./nowhere.mjs'] }, [], /nowhere\.mjs: expected a module, got no file/, /plateau list/],
  [{ scenarios: ['brunches'] }, [], /Scenario "brunches": expected a name/, /Try: /],
  [
    sound({ reporters: ['pdf'] }),
    [],
    /reporters\.0: expected one of terminal, json, junit, .*, got "pdf"/,
    /markdown=report\.md/,
  ],
  [
    { scenarios: [functionModule('sound'), functionModule('sound')] },
    [],
    /`scenarios\.1` must have a name of its own, got `sound-functions`/,
    /`name`/,
  ],
  [
    sound({ nightly: { time: '1m' } }),
    [],
    /`nightly\.time` must be at least 2m, what 1 scenario gets .* got 1m/,
    /nightly\.time: '3m'/,
  ],
  [{ scenarios: [{ scenario: functionModule('sound'), defects: ['x'] }] }, [], /has no defect x/, /plateau list/],
  [
    sound(),
    ['--only', 'sond-functions'],
    /--only: expected a scenario of the configuration, got "sond-functions"/,
    /Try: sound-functions/,
  ],
  [sound(), ['--shard', '3/2'], /--shard: expected a part of a whole/, /--shard 1\/2/],
  [sound(), ['--shard', '1/2'], /--shard: expected at most 1 part,/, /--shard 1\/1/],
  ['export default {', [], /plateau\.config\.mjs: expected a module that loads, got/, /./],
];

function sound(more: object = {}): object {
  return { scenarios: [functionModule('sound')], ...more };
}

test('what is wrong is a usage error: exit 3, the field or option named, nothing run', async () => {
  for (const [configuration, given, problem, proposal] of wrong) {
    const directory = temporaryDirectory();
    if (typeof configuration === 'string') writeFileSync(join(directory, 'plateau.config.mjs'), configuration);
    else writeConfiguration(directory, configuration);
    const { exitCode, stdout, stderr } = await plateau(['nightly', ...given], { directory });
    expect(stderr).toMatch(problem);
    expect(stderr).toMatch(proposal);
    expect([stdout, exitCode]).toEqual(['', 3]);
    expect(existsSync(join(directory, '.plateau'))).toBe(false);
  }
});

test('without a configuration: exit 3, and what writes one', async () => {
  const { exitCode, stderr } = await plateau(['nightly'], { directory: temporaryDirectory() });
  expect(stderr).toMatch(/expected plateau\.config\.ts in .*, got none\.\nTry: plateau init writes one\n/);
  expect(exitCode).toBe(3);
});
