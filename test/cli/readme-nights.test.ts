import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { execute, mainFile, plateau } from '../support/cli.js';
import {
  functionModule,
  journalOf,
  nightRecordOf,
  nightsOf,
  tinyRun,
  writeConfiguration,
} from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const readme = readFileSync(new URL('../../harness/cli/README.md', import.meta.url), 'utf8');
const nights = readme.slice(readme.indexOf('## Nights'), readme.indexOf('## History'));

/** The one block of a language in the section on nights. */
function block(language: string): string {
  const found = [...nights.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))];
  expect(found).toHaveLength(1);
  return found[0]![1]!;
}

/** A project with two scenarios that take a second, and plateau where npx finds it. */
function project(): string {
  const directory = temporaryDirectory();
  const scenario = functionModule('sound');
  writeConfiguration(directory, {
    scenarios: ['a', 'b'].map((name) => ({ scenario, name, ...tinyRun })),
    canaries: false,
  });
  const bin = join(directory, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'plateau'), `#!/bin/sh\nexec '${process.execPath}' '${mainFile}' "$@"\n`, { mode: 0o755 });
  writeFileSync(join(directory, 'package.json'), '{"private":true}');
  return directory;
}

const shell = (command: string, directory: string) => execute('sh', ['-c', command], { directory });

interface Workflow {
  readonly on: { readonly schedule: readonly { readonly cron: string }[] };
  readonly jobs: {
    readonly soak: {
      readonly strategy: { readonly matrix: { readonly shard: readonly number[] } };
      readonly steps: readonly { readonly run?: string; readonly uses?: string; readonly if?: string }[];
    };
  };
}

test('the configuration is one that plateau takes', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'plateau.config.ts'), block('ts'));
  for (const name of ['sessions', 'uploads'])
    writeFileSync(
      join(directory, `${name}.scenario.ts`),
      `import { defineScenario } from 'plateau';\nexport default defineScenario({ name: '${name}', target: { script: './server.js' }, operations: { request: { create() {}, destroy() {} } } });\n`,
    );
  const { exitCode, stdout, stderr } = await plateau(['nightly', '--dry-run', '--json'], { directory });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect((JSON.parse(stdout) as { entries: { name: string }[] }).entries.map(({ name }) => name)).toEqual([
    'sessions',
    'uploads@small',
    'uploads@wide',
  ]);
});

test('the steps of the workflow run as they are written', async () => {
  const { on, jobs } = parse(block('yaml')) as Workflow;
  expect(on.schedule[0]?.cron.split(' ')).toHaveLength(5);
  const { strategy, steps } = jobs.soak;
  // A night that finds something fails its step; what it learned must be kept all the same.
  expect(steps.find(({ uses }) => uses?.startsWith('actions/cache/save'))?.if).toBe('always()');
  const commands = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));
  expect(commands[0]).toBe('npm ci');
  const directory = project();
  for (const shard of strategy.matrix.shard)
    for (const command of commands.slice(1)) {
      const given = command.replace(/\$\{\{ matrix\.shard \}\}/g, String(shard));
      expect(given).not.toContain('${{');
      const { exitCode, stdout } = await shell(given, directory);
      expect(stdout).toMatch(new RegExp(`night ${shard}/2`));
      expect(exitCode).toBe(2);
      expect(existsSync(join(directory, 'night.xml'))).toBe(true);
      expect(nightRecordOf(directory).entries).toHaveLength(1);
    }
});

test('the lines of the crontab run as they are written, and the one at boot begins nothing', async () => {
  const directory = project();
  const lines = block('crontab').trim().split('\n');
  const commands = lines.map((line) => line.replace(/^(?:@reboot|(?:\S+ ){5})\s*/, '').replace('/srv/shop', directory));
  const [nightly, atBoot] = commands as [string, string];
  const idle = await shell(atBoot, '/');
  expect(idle).toMatchObject({ exitCode: 0, stdout: '', stderr: 'No night to go on with.\n' });
  const { exitCode, stdout } = await shell(nightly, '/');
  expect([exitCode, stdout]).toEqual([2, expect.stringMatching(/^\? night {2}INCONCLUSIVE/)]);
  expect(journalOf(directory, nightsOf(directory)[0]!).at(-1)).toMatchObject({ event: 'ended' });
});

test('the unit is one that systemd takes, and its command runs', async () => {
  const directory = project();
  const unit = block('ini');
  const command = /^ExecStart=(.*)$/m.exec(unit)?.[1];
  const { stdout } = await shell(command!, directory);
  expect(stdout).toMatch(/^\? night {2}INCONCLUSIVE/);
  const file = join(directory, 'plateau.service');
  writeFileSync(file, unit);
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  // Not everywhere is a systemd, and in a container it may refuse to say anything.
  if (verified.error === undefined)
    expect(verified.stderr).not.toMatch(/plateau\.service:(?!.*(not found|Failed to connect))/);
});
