import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { postWebhook, webhookTarget } from '../../../harness/notify/webhook.js';
import { type Clock, VirtualClock } from '../../../harness/platform/clock.js';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Gives one answer after another, and the last for ever. */
async function serverWith(answers: readonly Answer[]): Promise<{ url: URL; requests: () => number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests, answers.length - 1)]!;
    requests += 1;
    request.resume().on('end', () => answer(response, request));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/secret?token=secret`),
    requests: () => requests,
  };
}

const status =
  (code: number, headers = {}): Answer =>
  (response) =>
    void response.writeHead(code, headers).end();
const hangUp: Answer = (_, request) => void request.socket.destroy();

function post(url: URL, clock: Clock, tries = 5) {
  return postWebhook({ url, headers: { authorization: 'secret' }, body: '{}', tries, clock });
}

test('is posted again with growing pauses until it is taken', async () => {
  const clock = new VirtualClock();
  const { url, requests } = await serverWith([status(503), hangUp, status(429, { 'retry-after': '7' }), status(204)]);
  expect(await post(url, clock)).toBeUndefined();
  expect(requests()).toBe(4);
  expect(clock.monotonicMs()).toBe(500 + 1_000 + 7_000);
});

test('is given up after so many tries, and the reason holds no secret', async () => {
  const { url, requests } = await serverWith([status(500)]);
  const failure = await post(url, new VirtualClock(), 3);
  expect(failure).toEqual({ reason: `${url.host} answered 500`, tries: 3 });
  expect(requests()).toBe(3);
  const { url: gone } = await serverWith([hangUp]);
  expect(JSON.stringify(await post(gone, new VirtualClock(), 2))).not.toContain('secret');
});

test.each([400, 401, 404, 410])('what is refused with %i is not posted again', async (code) => {
  const { url, requests } = await serverWith([status(code)]);
  expect(await post(url, new VirtualClock())).toEqual({ reason: `${url.host} answered ${code}`, tries: 1 });
  expect(requests()).toBe(1);
});

test('secrets are not taken elsewhere by a redirection', async () => {
  const { url: elsewhere, requests } = await serverWith([status(200)]);
  const { url } = await serverWith([status(302, { location: elsewhere.href })]);
  expect(await post(url, new VirtualClock(), 2)).toMatchObject({ tries: 2 });
  expect(requests()).toBe(0);
});

test('address and headers come from the environment, and what is missing is named without a value', () => {
  const configuration = { webhook: { env: 'HOOK' }, headers: { authorization: { env: 'TOKEN' }, channel: 'soaks' } };
  const set = { HOOK: 'https://hooks.example/secret', TOKEN: 'secret' };
  expect(webhookTarget(configuration, set)).toEqual({
    url: new URL('https://hooks.example/secret'),
    headers: { authorization: 'secret', channel: 'soaks' },
  });
  expect(webhookTarget(configuration, { HOOK: set.HOOK })).toEqual({
    problem: 'the environment variable TOKEN is not set',
  });
  expect(webhookTarget(configuration, { ...set, HOOK: 'ftp://secret' })).toEqual({
    problem: 'the environment variable HOOK holds no http or https address',
  });
});
