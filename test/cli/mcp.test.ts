import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect, onTestFinished, test, vi } from 'vitest';
import { mainFile } from '../support/cli.js';
import { processesWith } from '../support/processes-with.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const leaking = `const kept = new Map();
export function iterate(cycle) {
  kept.set(cycle, { cycle, note: ['not', 'to', 'be', 'seen'].join('-') });
}
`;
const fixed = `const kept = new Map();
export function iterate(cycle) {
  kept.set(cycle % 8, { cycle });
}
`;

test('from a leak to a proven fix in six calls and 8 KiB, and nothing of the heap', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'old'));
  writeFileSync(join(directory, 'old', 'driver.mjs'), leaking);
  writeFileSync(join(directory, 'driver.mjs'), leaking);
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [mainFile, 'mcp'], cwd: directory }),
  );
  onTestFinished(() => client.close());
  const texts: string[] = [];
  const call = async (name: string, given: Record<string, unknown> = {}) => {
    const { content, isError } = await client.callTool({ name, arguments: given }, undefined, { timeout: 250_000 });
    const [{ text = '' } = {}] = content as { text?: string }[];
    texts.push(text);
    expect(isError ?? false, text).toBe(false);
    return JSON.parse(text);
  };
  const { scenarios } = await call('list');
  expect(scenarios.length).toBeGreaterThan(0);
  const leak = await call('run', { scenario: './driver.mjs', duration: '90s' });
  expect(leak).toMatchObject({ verdict: 'leak', exitCode: 1 });
  const explained = await call('explain', { run: leak.id });
  expect(explained.suspects[0].at).toContain('driver.mjs:3');
  writeFileSync(join(directory, 'driver.mjs'), fixed);
  const after = await call('run', { scenario: './driver.mjs', duration: '90s' });
  expect(after.verdict).toBe('plateau');
  const proven = await call('compare', { before: leak.id, after: after.id });
  expect(proven.verdict).toBe('fixed');
  const sides = { before: 'dir:old', after: 'dir:.' };
  const inTurns = await call('ab', { scenario: './driver.mjs', ...sides, duration: '90s' });
  expect(inTurns.verdict).toBe('fixed');
  expect(texts).toHaveLength(6);
  expect(Buffer.byteLength(texts.join(''))).toBeLessThanOrEqual(8192);
  expect(texts.join('')).not.toContain('not-to-be-seen');
});

/** Asks for a run, and resolves once that is under way. */
async function longRun() {
  const directory = temporaryDirectory();
  // Too few cycles to be decided for many minutes.
  writeFileSync(
    join(directory, 'driver.mjs'),
    'export const iterate = () => new Promise((done) => setTimeout(done, 500));',
  );
  const client = new Client({ name: 'test', version: '1' });
  const env = { PATH: process.env.PATH ?? '', MCP_TEST: directory };
  const server = new StdioClientTransport({ command: process.execPath, args: [mainFile, 'mcp'], cwd: directory, env });
  await client.connect(server);
  const asked = client.callTool({ name: 'run', arguments: { scenario: './driver.mjs', duration: '30m' } });
  asked.catch(() => undefined);
  await vi.waitFor(() => expect(existsSync(join(directory, '.plateau', 'runs'))).toBe(true), { timeout: 120_000 });
  return { client, pid: server.pid!, left: () => processesWith(`MCP_TEST=${directory}`) };
}

test('a run ends when the client that asked for it is gone', async () => {
  const { client, left } = await longRun();
  await client.close();
  await vi.waitFor(() => expect(left()).toEqual([]), { timeout: 120_000 });
});

test('a server that is killed takes its run along, and one that a signal ends waits for that', async () => {
  const killed = await longRun();
  process.kill(killed.pid, 'SIGKILL');
  await vi.waitFor(() => expect(killed.left()).toEqual([]), { timeout: 120_000 });
  const ended = await longRun();
  const closed = new Promise<void>((resolve) => {
    ended.client.onclose = resolve;
  });
  process.kill(ended.pid, 'SIGTERM');
  await closed;
  expect(ended.left()).toEqual([]);
});

test('what cannot be done is said, with what to do', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [mainFile, 'mcp'], cwd: temporaryDirectory() }),
  );
  onTestFinished(() => client.close());
  const { content, isError } = await client.callTool({ name: 'explain', arguments: { run: 'nothing' } });
  expect(isError).toBe(true);
  expect(JSON.stringify(content)).toContain('Try: ');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['list', 'run', 'explain', 'compare', 'ab']);
});
