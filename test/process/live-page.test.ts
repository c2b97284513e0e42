import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { browserPages, executablePath } from '../support/browser-pages.js';
import { cliEnvironment, fixture, mainFile, plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const soak = ['run', fixture('leak.mjs'), '--attribution', 'off', '--seed', '1'];

/** A command with a live page; its address is the first that it prints of the kind. */
async function withPage(given: readonly string[], directory: string) {
  const child = spawn(process.execPath, [mainFile, ...given], {
    cwd: directory,
    env: cliEnvironment({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const lines = createInterface({ input: given[0] === 'ui' ? child.stdout : child.stderr });
  for await (const line of lines) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line) ?? [];
    if (url === undefined) continue;
    child.stdout.resume();
    child.stderr.resume();
    return { child, url, exited };
  }
  throw new Error('the command ended without a page');
}

/** Goes on for some seconds after its verdict, so that a page that opens late still shows it running. */
const longSoak = [...soak, '--no-until-decided', '--duration', '30s'];

const pages = existsSync(executablePath) ? browserPages() : undefined;

test('plateau run --ui: the page shows the run to its end, and the end does not wait for it', async ({ skip }) => {
  if (pages === undefined) return skip(`${executablePath} is not installed`);
  const directory = temporaryDirectory();
  const { url, exited } = await withPage([...longSoak, '--ui'], directory);
  const page = await pages.visit(url);
  await page.locator('#live .word', { hasText: 'running' }).waitFor({ timeout: 60_000 });
  // A curve is drawn when it comes into view.
  await page.locator('#live figure.curve').first().scrollIntoViewIfNeeded({ timeout: 60_000 });
  await page.locator('#live figure.curve canvas').first().waitFor({ timeout: 60_000 });
  const other = await pages.visit(url);
  await other.locator('#live .word').waitFor();
  await expect(exited).resolves.toEqual([1, null]);
  await page.locator('#live .word', { hasText: 'leak' }).waitFor({ timeout: 60_000 });
  await other.reload();
  await other.locator('#live .word', { hasText: 'leak' }).waitFor();
  await page.getByRole('link', { name: 'The report' }).click();
  await page.locator('h1', { hasText: 'leak' }).waitFor();
  expect(pages.complaints.filter((complaint) => !complaint.startsWith(new URL(url).origin))).toEqual([]);
});

test('plateau ui lists what lies on disk, with reports, a comparison and the history', async () => {
  const directory = temporaryDirectory();
  // What is listed needs runs that were judged, whatever their verdict.
  for (const _ of [1, 2]) await plateau([...soak, '--quiet', '--rounds', '3', '--cycles', '50'], { directory });
  const { child, url, exited } = await withPage(['ui'], directory);
  const stream = await fetch(new URL('events', url));
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  let events = '';
  while (!events.includes('event: things')) events += (await reader.read()).value ?? '';
  await reader.cancel();
  const links = [...events.matchAll(/href=\\"([^"\\]+)\\"/g)].map(([, href]) => href!);
  expect(links.some((link) => link.startsWith('runs/'))).toBe(true);
  expect(links.some((link) => link.startsWith('compare/'))).toBe(true);
  expect(links).toContain('history');
  for (const link of links) expect((await fetch(new URL(link, url))).status, link).toBe(200);
  expect((await fetch(new URL('runs/..%2f..%2fetc/', url))).status).toBe(404);
  child.kill('SIGINT');
  await expect(exited).resolves.toEqual([0, null]);
  expect(existsSync(join(directory, '.plateau', 'runs'))).toBe(true);
});
