import { defineScenario } from 'plateau';
import { describe, expect, it } from 'vitest';
import { fixture, processesOf, soak } from '../support/run-fixture.js';

describe('readiness', () => {
  const operations = { nothing: { create: () => 1, destroy: () => undefined } };
  const script = fixture('session-server.ts');

  it.each([
    ['the first server that listens', { listening: true as const }],
    ['a line that names the port', { line: /listening on (?<port>\d+)/ }],
    ['a message that names the port', { message: { type: 'ready' } }],
  ])('%s', async (_what, ready) => {
    let url = '';
    const scenario = defineScenario({
      name: 'ready',
      target: { script, ready },
      operations,
      setup: async ({ target }) => {
        url = target.url;
        await target.http.get('/stats');
      },
    });
    await soak(scenario, { rounds: 2 });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    ['the server on PORT is asked, though another one listens first', [], 'service', undefined],
    [
      'where none listens on PORT, the first is asked, and the run says so',
      ['anywhere'],
      'upstream',
      /listens on \d+ and \d+/,
    ],
  ])('%s', async (_what, words, answer, warning) => {
    let text = '';
    const scenario = defineScenario({
      name: 'two-servers',
      target: { script: fixture('upstream-first.mjs'), arguments: words },
      operations,
      setup: async ({ target }) => {
        text = await (await fetch(target.url)).text();
      },
    });
    const { warnings } = await soak(scenario, { rounds: 2 });
    expect(text).toBe(answer);
    expect(warnings.filter((said) => said.includes('PORT'))).toEqual(
      warning === undefined ? [] : [expect.stringMatching(warning)],
    );
  });

  it('an address in the line is that of the target, on loopback', async () => {
    let url = '';
    const listen = "listen(0, () => console.log('Server at http://0.0.0.0:' + server.address().port + '/ (ready)'))";
    const scenario = defineScenario({
      name: 'printed',
      target: {
        command: ['node', '-e', `const server = require('http').createServer((_, r) => r.end()).${listen}`],
        ready: { line: 'ready' },
      },
      operations,
      setup: async ({ target }) => {
        url = target.url;
        await target.http.get('/');
      },
    });
    await soak(scenario, { rounds: 2 });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    ['a line', { line: /listening on (?<port>\d+)/ }],
    ['a message', { message: { type: 'ready' } }],
  ])('%s counts that is said before plateau has spoken with the target', async (_what, ready) => {
    let url = '';
    const nodeArguments = ['--require', fixture('early-words.cjs')];
    const scenario = defineScenario({
      name: 'early',
      target: { script, nodeArguments, ready },
      operations,
      setup: ({ target }) => {
        url = target.url;
      },
    });
    await soak(scenario, { rounds: 2 });
    expect(url).toBe('http://127.0.0.1:4711');
  });

  it('a target that never shows is ended, and its silence is the reason', async () => {
    const scenario = defineScenario({
      name: 'mute',
      target: { script, ready: { line: 'never said', timeoutMs: 300 } },
      operations,
    });
    const record = await soak(scenario);
    expect(record).toMatchObject({ verdict: 'crashed', exitCode: 4 });
    expect(record.reason).toContain('was not ready within 300 ms: expected a line of output matching never said');
    expect(processesOf(record.id)).toEqual([]);
  });

  const server = (port: string, host: string) =>
    `require('node:http').createServer((_, response) => response.end()).listen(${port}, '${host}')`;

  it('a command that listens on IPv6 alone is asked there', async () => {
    let url = '';
    const scenario = defineScenario({
      name: 'six',
      target: { command: ['node', '-e', server('+process.argv[1]', '::1'), '{port}'] },
      operations,
      setup: async ({ target }) => {
        url = target.url;
        await target.http.get('/');
      },
    });
    await soak(scenario, { rounds: 2 });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  });

  it('a command that listens on another port is shown where it does', async () => {
    const scenario = defineScenario({
      name: 'elsewhere',
      target: {
        command: ['sh', '-c', `node -e "${server('0', '127.0.0.1')}"; :`, '{port}'],
        ready: { port: 9, timeoutMs: 3_000 },
      },
      operations,
    });
    const { reason, hint } = await soak(scenario);
    expect(reason).toMatch(/expected port 9 to accept, got a process of it that listens at http:\/\/127\.0\.0\.1:\d+;/);
    expect(hint).toMatch(/\{port\} in its command/);
  });

  it('a target that fails to start says why', async () => {
    const scenario = defineScenario({
      name: 'broken',
      target: { command: ['node', '-e', 'console.error("no database"); process.exit(3)'], ready: { line: 'ready' } },
      operations,
    });
    const record = await soak(scenario);
    expect(record.reason).toContain('exit code 3');
    expect(record.reason).toContain('no database');
  });
});
