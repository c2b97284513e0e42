import { request } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { type PageMaker, serveLivePage } from '../../../../harness/cli/ui/live-server.js';

async function served(pageAt: PageMaker = async (path) => (path === '' ? '<p>page</p>' : undefined)) {
  const server = await serveLivePage(0, pageAt);
  onTestFinished(() => server.close());
  return server;
}

/** The status of a request that names any host. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

/** The events of a tab, as they come. */
async function tabOf(url: string) {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(new URL('events', url), { signal: abort.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  return {
    type: response.headers.get('content-type'),
    close: () => abort.abort(),
    async until(wanted: string) {
      while (!seen.includes(wanted)) seen += (await reader.read()).value ?? '';
      return seen;
    },
  };
}

test('listens on loopback alone, and answers those who know the token', async () => {
  const { url } = await served();
  expect(new URL(url).hostname).toBe('127.0.0.1');
  expect(new URL(url).pathname).toMatch(/^\/[\w-]{24}\/$/);
  expect(await (await fetch(url)).text()).toBe('<p>page</p>');
  expect((await fetch(new URL('/', url))).status).toBe(403);
  expect((await fetch(url.replace(/.\/$/, '/'))).status).toBe(403);
  expect((await fetch(new URL('nothing', url))).status).toBe(404);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
});

test('refuses a request that names another host', async () => {
  const { url } = await served();
  expect(await statusFor(url, 'plateau.example')).toBe(403);
  expect(await statusFor(url, 'localhost:1')).toBe(200);
});

test('a page that cannot be made is an error, and not the end', async () => {
  const { url } = await served(() => Promise.reject(new Error('damaged')));
  expect((await fetch(url)).status).toBe(500);
  expect((await fetch(url)).status).toBe(500);
});

test('several tabs hear the same, and one that opens later gets the last state first', async () => {
  const server = await served();
  const first = await tabOf(server.url);
  expect(first.type).toBe('text/event-stream');
  server.send('run', { id: 'a' });
  server.send('run', { id: 'b' });
  expect(await first.until('"b"')).toContain('event: run\ndata: {"id":"a"}\n\n');
  const second = await tabOf(server.url);
  expect(await second.until('"b"')).not.toContain('"a"');
  expect(server.tabs).toBe(2);
  server.send('things', 'x');
  await Promise.all([first.until('event: things'), second.until('event: things')]);
});

test('what did not change is not sent again, and a tab that closes is counted off', async () => {
  const server = await served();
  const tab = await tabOf(server.url);
  server.send('run', 1);
  server.send('run', 1);
  server.send('end', 2);
  expect((await tab.until('event: end')).match(/event: run/g)).toHaveLength(1);
  const closed = new Promise<void>((resolve) => server.onTabs(resolve));
  tab.close();
  await closed;
  expect(server.tabs).toBe(0);
});

test('a port that is taken is named', async () => {
  const { url } = await served();
  await expect(serveLivePage(Number(new URL(url).port), async () => '')).rejects.toThrowError(
    /--port: expected a free port/,
  );
});
