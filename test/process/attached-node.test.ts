import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { mainFile, plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const service = path('../fixtures/attached/service.mjs');
const lineOf = (words: string) =>
  readFileSync(service, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(words)) + 1;

interface State {
  readonly inspector: string;
  /** Methods that are not Node's own. */
  readonly patched: number;
  readonly descriptors: number;
}

async function startService(environment: Readonly<Record<string, string>> = {}, options: readonly string[] = []) {
  const child = spawn(process.execPath, [...options, service], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const origin = `http://127.0.0.1:${line.toString().trim()}`;
  // Connections that are not kept: only what plateau leaves is to be counted.
  const state = async () =>
    (await (await fetch(`${origin}/state`, { headers: { connection: 'close' } })).json()) as State;
  child.stderr.resume();
  return { pid: child.pid!, origin, state, printed: child.stderr };
}

async function soak(origin: string): Promise<RunRecord> {
  const given = ['http', `${origin}/search?q={input}`, '--json', '--quiet', '--seed', '41'];
  const { stdout } = await plateau(given, { directory: temporaryDirectory() });
  return runRecordSchema.parse(JSON.parse(stdout));
}

async function untilState(state: () => Promise<State>, expected: State): Promise<void> {
  await expect.poll(state, { timeout: 10_000 }).toEqual(expected);
}

test('a leak in a service that runs already has its line and holder, and nothing is left in the service', async () => {
  const { origin, state } = await startService({ LEAK: '1' });
  const before = await state();
  const { verdict, suspects, findings, warnings, audit } = await soak(origin);
  expect({ verdict, warnings }).toEqual({ verdict: 'leak', warnings: [] });
  expect(findings.find(({ metric }) => metric === 'heapUsed')).toMatchObject({ verdict: 'leak' });
  expect(suspects[0]).toMatchObject({
    location: { file: service, line: lineOf('searches.set(') },
    holder: { description: expect.stringContaining('`searches`'), location: { line: lineOf('const searches') } },
  });
  expect(audit.find(({ check }) => check === 'gc-self-test')).toMatchObject({ ok: true });
  expect(before).toMatchObject({ inspector: '', patched: 0 });
  await untilState(state, before);
});

test('a sound service that runs already passes by its heap', async () => {
  const { origin } = await startService();
  const { verdict, findings } = await soak(origin);
  expect(verdict).toBe('plateau');
  expect(findings.find(({ metric }) => metric === 'heapUsed')).toMatchObject({ verdict: 'plateau' });
});

test('when plateau is killed, the agent undoes what it has done', async () => {
  const { pid, state } = await startService();
  const before = await state();
  const attaching = [path('../fixtures/attached/attach.mjs'), String(pid)];
  const child = spawn(process.execPath, [...attaching, path('../../dist/harness/target/attach/attach-agent.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  expect(await state()).toMatchObject({ inspector: '', patched: 3, descriptors: before.descriptors + 1 });
  child.kill('SIGKILL');
  await untilState(state, before);
});

test('an inspector that was open before is used and left open', async () => {
  const { origin, state } = await startService({}, ['--inspect=127.0.0.1:0']);
  const { findings } = await soak(origin);
  expect(findings.map(({ metric }) => metric)).toContain('heapUsed');
  expect((await state()).inspector).toMatch(/^ws:/);
});

test('a service that keeps the signal for itself is seen from outside, with the reason and what to do', async () => {
  const { origin } = await startService({ KEEPS_SIGNAL: '1' });
  const { findings, warnings } = await soak(origin);
  expect(findings.map(({ metric }) => metric)).not.toContain('heapUsed');
  expect(warnings).toEqual([
    expect.stringMatching(/is seen from outside only: .*SIGUSR1.*; start the service with --inspect/),
  ]);
});

test('the inspector of a service that the agent cannot get into is closed again', async () => {
  const { origin, state } = await startService({ RUNS_NO_TEXT: '1' });
  const { findings, warnings } = await soak(origin);
  expect(findings.map(({ metric }) => metric)).not.toContain('heapUsed');
  expect(warnings).toEqual([expect.stringMatching(/is seen from outside only: .*no code from text/)]);
  expect(await state()).toMatchObject({ inspector: '' });
});

test('the next start closes the inspector of a service whose plateau was killed while it opened', async () => {
  const { origin, state, printed } = await startService();
  const before = await state();
  const directory = temporaryDirectory();
  const child = spawn(process.execPath, [mainFile, 'http', `${origin}/search`], { cwd: directory, stdio: 'ignore' });
  for await (const text of printed) if (String(text).includes('Debugger listening')) break;
  child.kill('SIGKILL');
  await once(child, 'exit');
  const unreachable = ['http', 'http://127.0.0.1:1/search', '--quiet'];
  expect(await plateau(unreachable, { directory })).toMatchObject({ exitCode: 4 });
  await untilState(state, before);
});

test('two signals while the inspector opens end plateau, and leave no inspector open', async () => {
  const { origin, state, printed } = await startService();
  const before = await state();
  const child = spawn(process.execPath, [mainFile, 'http', `${origin}/search`], {
    cwd: temporaryDirectory(),
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const text of printed) if (String(text).includes('Debugger listening')) break;
  child.kill('SIGINT');
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(child.exitCode).toBe(130);
  await untilState(state, before);
});
