import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { cliEnvironment, fixture, mainFile, plateau } from '../support/cli.js';
import { runDirectory } from '../support/run-directory.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const signalsPlateau = fixture('signals-plateau.mjs');
/** No run of these ends by itself while a test lasts. */
const endless = ['--cycles', '50', '--no-until-decided', '--duration', '1h'];

function recordIn(directory: string): RunRecord {
  return JSON.parse(readFileSync(join(runDirectory(directory), 'run.json'), 'utf8')) as RunRecord;
}

test.each(['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGUSR2', 'SIGXCPU'])(
  '%s ends the run early: exit 130, report of what there is',
  async (signal) => {
    const directory = temporaryDirectory();
    const given = ['run', signalsPlateau, ...endless];
    const { exitCode, stdout, stderr } = await plateau(given, { directory, environment: { SEND_SIGNAL: signal } });
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/signals-plateau {2}INTERRUPTED/);
    expect(stderr).toMatch(/Interrupted/);
    const record = recordIn(directory);
    expect(record).toMatchObject({ verdict: 'interrupted', exitCode: 130 });
    expect(record.counts.cycles).toBeGreaterThan(0);
  },
);

test('SIGINT while the cause of a leak is looked for: exit code, record and reports agree that it interrupted', async () => {
  const directory = temporaryDirectory();
  const given = [
    'run',
    fixture('interrupts-cause.scenario.mjs'),
    '--reporter',
    'terminal',
    '--reporter',
    'junit=it.xml',
  ];
  const { exitCode, stdout } = await plateau(given, { directory });
  expect(exitCode).toBe(130);
  expect(stdout).toMatch(/interrupts-cause {2}INTERRUPTED[\s\S]*✗ fds/);
  const record = recordIn(directory);
  expect(record).toMatchObject({ verdict: 'interrupted', exitCode: 130, end: 'interrupted', suspects: [] });
  expect(record.reason).toMatch(/^interrupted; what was sampled until then says leak: fds grows/);
  expect(readFileSync(join(directory, 'it.xml'), 'utf8')).toContain('interrupted; what was sampled until then');
  const judged = await plateau(['analyse', 'latest', '--json'], { directory });
  expect(judged).toMatchObject({ exitCode: 130, stdout: `${JSON.stringify(record)}\n` });
});

test('a terminal that is closed ends the run early: what was measured is judged and kept, and nothing crashes', async () => {
  const directory = temporaryDirectory();
  const given = ['run', fixture('leak.mjs'), ...endless];
  execFileSync('mkfifo', ['ended'], { cwd: directory });
  // The shell outlives the terminal: it hands the signal on and says how plateau ended.
  const command = `stty cols 80 rows 30
    '${process.execPath}' '${mainFile}' ${given.join(' ')} & child=$!
    trap 'kill -HUP $child' HUP; wait $child; wait $child; echo $? > ended`;
  const terminal = spawn('script', ['-qec', command, 'typescript'], {
    cwd: directory,
    env: cliEnvironment({ environment: { TERM: 'xterm' } }),
  });
  for await (const drawn of terminal.stdout) if (/round \d/.test(String(drawn))) break;
  terminal.kill('SIGKILL');
  expect(await readFile(join(directory, 'ended'), 'utf8')).toBe('129\n');
  const record = recordIn(directory);
  expect(record.verdict).toBe('interrupted');
  expect(record.counts.cycles).toBeGreaterThan(0);
});

test('a second SIGHUP, which a closed terminal sends by its shell and by the kernel, cuts nothing short', async () => {
  const directory = temporaryDirectory();
  const given = ['run', fixture('leak.mjs'), ...endless];
  const child = spawn(process.execPath, [mainFile, ...given], {
    cwd: directory,
    env: cliEnvironment({}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  const moments = [/round \d/, /Interrupted/];
  let said = '';
  for await (const part of child.stderr) {
    said += part;
    for (; moments[0]?.test(said); moments.shift()) child.kill('SIGHUP');
  }
  expect((await ended)[0]).toBe(130);
  expect(readdirSync(runDirectory(directory))).toContain('run.json');
});

test('a second SIGINT ends plateau at once', async () => {
  const environment = { SEND_SIGNAL: 'SIGINT', SEND_IN_TEARDOWN: 'SIGINT' };
  const given = ['run', signalsPlateau, ...endless];
  const { exitCode, stdout } = await plateau(given, { directory: temporaryDirectory(), environment });
  expect(exitCode).toBe(130);
  expect(stdout).toBe('');
});

test('a run whose plateau was killed with SIGKILL can be judged, and is then kept as judged', async () => {
  const directory = temporaryDirectory();
  const given = ['run', signalsPlateau, '--cycles', '50'];
  const killed = await plateau(given, { directory, environment: { SEND_SIGNAL: 'SIGKILL' } });
  expect(killed.signal).toBe('SIGKILL');
  const stored = runDirectory(directory);
  expect(readdirSync(stored)).not.toContain('run.json');
  const judged = await plateau(['analyse', 'latest', '--json'], { directory });
  const record = runRecordSchema.parse(JSON.parse(judged.stdout));
  expect(record.counts.cycles).toBeGreaterThan(0);
  expect(record.warnings).toEqual(expect.arrayContaining([expect.stringContaining('has no end')]));
  expect(judged.exitCode).toBe(record.exitCode);
  const byItsSamples = await plateau(['analyse', join(stored, 'samples.ndjson'), '--json'], { directory });
  expect(byItsSamples.stdout).toBe(judged.stdout);
  expect(readdirSync(stored)).toEqual(expect.arrayContaining(['run.json', 'report.html']));
  expect((await plateau(['analyse', 'latest', '--json'], { directory })).stdout).toBe(judged.stdout);
});
