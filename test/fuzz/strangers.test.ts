import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { PlateauError } from '../../harness/model/errors.js';
import { createRedactor } from '../../harness/model/redact.js';
import { postWebhook } from '../../harness/notify/webhook.js';
import { VirtualClock } from '../../harness/platform/clock.js';
import { RequestClient, RequestError } from '../../harness/platform/request-client.js';
import { countLeakWarnings } from '../../harness/target/leak-warnings.js';
import { createOutputLog } from '../../harness/target/output-log.js';
import { printable } from '../../reporters/format/printable.js';
import { damaged, expectInert, fuzzing, hostileText } from '../support/fuzz.js';

const directory = mkdtempSync(join(tmpdir(), 'plateau-fuzz-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const chunk = fc.oneof(
  hostileText,
  fc.constantFrom(
    '\n',
    '\r\n',
    '(node:1) Warning: Closing file descriptor 7 on garbage collection\n',
    'password=hunter2',
    'token: ',
  ),
  fc.nat(100_000).map((length) => 'x'.repeat(length)),
);

it('output of a target is kept within bounds, and its last lines can be shown', async () => {
  const redact = createRedactor({});
  const path = join(directory, 'target.log');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(chunk, fc.uint8Array()), { maxLength: 30 }), async (chunks) => {
      const output = createOutputLog(path, redact);
      const warnings = countLeakWarnings(output);
      const stream = new PassThrough();
      output.attach(stream);
      for (const each of chunks) if (each.length > 0) stream.write(each);
      stream.end();
      await once(stream, 'close');
      output.close();
      expect(statSync(path).size).toBeLessThan(9 * 1024 * 1024);
      expect(readFileSync(path, 'utf8')).not.toContain('password=hunter2');
      expect(output.lastLines().length).toBeLessThanOrEqual(20);
      for (const line of output.lastLines()) {
        expect(line.length).toBeLessThanOrEqual(2_100);
        expectInert('terminal', printable(line));
      }
      warnings();
    }),
    fuzzing,
  );
});

/** What a target writes where its agent should. */
const agentLine = fc.oneof(
  hostileText,
  fc.json(),
  fc
    .record({ id: fc.oneof(fc.constantFrom(1, 2, 3), fc.jsonValue()), result: fc.jsonValue() })
    .map((line) => JSON.stringify(line)),
  fc
    .record({ id: fc.constantFrom(1, 2, 3), error: fc.oneof(fc.string(), fc.jsonValue()) })
    .map((line) => JSON.stringify(line)),
  damaged(Buffer.from('{"id":1,"result":{"pid":1,"node":"20"}}')).map((bytes) => bytes.toString('latin1')),
);

it('whatever a target writes to its agent connection, each question ends in an answer or an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(agentLine, { maxLength: 10 }), fc.nat(7), async (lines, size) => {
      const stream = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
      const client = new RequestClient(stream, 'look at it');
      const asked = [1, 2, 3].map(() =>
        client.request('hello', {}, { timeoutMs: 1_000 }).catch((error: unknown) => error),
      );
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      for (let at = 0; at < text.length; at += size * 100 + 1) stream.push(text.subarray(at, at + size * 100 + 1));
      stream.push(null);
      stream.destroy();
      for (const answer of await Promise.all(asked))
        if (answer instanceof Error)
          expect(answer instanceof PlateauError || answer instanceof RequestError).toBe(true);
    }),
    fuzzing,
  );
});

const answerHead = Buffer.from('HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nok');

it('whatever answers a webhook, the post ends with a reason that holds no secret', async () => {
  let answer: Buffer = answerHead;
  const server = createServer((socket: Socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path?token=secret-token`);
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        damaged(answerHead),
        fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      ),
      async (bytes) => {
        answer = bytes;
        const clock = new VirtualClock();
        const failure = await postWebhook({
          url,
          headers: { authorization: 'secret-header' },
          body: '{}',
          tries: 2,
          clock,
        });
        if (failure === undefined) return;
        expect(failure.reason).not.toContain('secret');
        expectInert('terminal', failure.reason);
      },
    ),
    fuzzing,
  );
  server.close();
});
