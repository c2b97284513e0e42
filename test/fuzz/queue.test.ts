import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { writeChunk } from '../../harness/queue/parcel.js';
import { entryJobSchema, entryProgressSchema, entryResultSchema } from '../../harness/queue/queue-messages.js';
import { changed, damaged, fuzzing, hostileText } from '../support/fuzz.js';

const outer = mkdtempSync(join(tmpdir(), 'plateau-fuzz-'));
const directory = join(outer, 'arriving');
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const job = {
  schemaVersion: 1,
  plateau: '0.1.0',
  night: '20260131-120000-00abc',
  entry: 'api/sessions@slow',
  attempt: 1,
  durationMs: 120_000,
  configuration: 'soak/plateau.config.ts',
  commit: 'c0ffee00'.repeat(5),
  command: 'plateau nightly',
  verbose: false,
};
const result = {
  state: 'finished',
  run: '20260131-120000-00abc',
  worker: 'one',
  files: [{ path: 'attribution/end.json', bytes: 12, sha256: 'ab'.repeat(32) }],
};

it('messages of a queue are refused, or name nothing outside of their directories', () => {
  let taken = 0;
  fc.assert(
    fc.property(changed(job), changed(result), (crafted, answer) => {
      const entry = entryJobSchema.safeParse(crafted);
      if (entry.success) {
        taken += 1;
        expect(join('/srv', entry.data.configuration)).toMatch(/^\/srv\/./);
      }
      const outcome = entryResultSchema.safeParse(answer);
      if (outcome.success && outcome.data.state === 'finished') {
        expect(join('/runs', outcome.data.run)).toMatch(/^\/runs\/\d/);
        for (const { path } of outcome.data.files) expect(join('/runs/x', path)).toMatch(/^\/runs\/x\/./);
      }
      entryProgressSchema.safeParse(crafted);
    }),
    fuzzing,
  );
  expect(taken).toBeGreaterThan(0);
});

it('chunks of a run directory are refused, or written below it and nowhere else', async () => {
  const chunkOf = (head: unknown) => Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), gzipSync('content')]);
  const whole = chunkOf({ path: 'attribution/end.json', offset: 0 });
  const crafted = fc.oneof(
    damaged(whole),
    hostileText.map((path) => chunkOf({ path, offset: 0 })),
    changed({ path: 'samples.ndjson', offset: 0 }).map(chunkOf),
    fc.constant(Buffer.concat([Buffer.from('{"path":"bomb","offset":0}\n'), gzipSync(Buffer.alloc(5_000_000))])),
  );
  await fc.assert(
    fc.asyncProperty(crafted, async (chunk) => {
      await writeChunk(directory, chunk).catch((error: Error) => expect(error.message).not.toBe(''));
      expect(readdirSync(outer).filter((name) => name !== 'arriving')).toEqual([]);
    }),
    fuzzing,
  );
});
