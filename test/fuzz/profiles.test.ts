import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseGoroutineCount, parseGoroutines, parseHeapProfile } from '../../harness/runtimes/go/profile-text.js';
import { parseClassHistogram } from '../../harness/runtimes/jvm/class-histogram.js';
import { readRecorded } from '../../harness/runtimes/jvm/flight-recorder/allocation-samples.js';
import { parseReply } from '../../harness/runtimes/redis/resp-parser.js';
import { damaged, fuzzing } from '../support/fuzz.js';

const heap = `heap profile: 1: 64 [2: 128] @ heap/1048576\n1: 64 [2: 128] @ 0x1 0x2\n#\t0x1\tmain.add+0x1\t/srv/main.go:7\n\n# runtime.MemStats\n# HeapAlloc = 640\n# HeapObjects = 7\n`;
const goroutines = `goroutine 7 [chan receive]:\nmain.watch(0x1)\n\t/srv/main.go:9 +0x1\ncreated by main.main in goroutine 1\n\t/srv/main.go:3 +0x2\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/main.go:4\n`;
const histogram = ` num     #instances         #bytes  class name (module)\n   1:          7563         348200  [B (java.base@17)\nTotal          7563         348200\n`;

it('profiles of Go and Java that were cut or crafted are read, or are none', () => {
  const texts = [heap, goroutines, histogram].map((text) => damaged(Buffer.from(text)));
  fc.assert(
    fc.property(fc.oneof(...texts), (bytes) => {
      const text = bytes.toString('utf8');
      parseHeapProfile(text);
      parseGoroutineCount(text);
      parseGoroutines(text);
      parseClassHistogram(text);
    }),
    fuzzing,
  );
});

it('a recording of a JVM that was cut or crafted is read, or refused', () => {
  const recording = Buffer.alloc(400);
  recording.write('FLR\0', 'latin1');
  recording.writeUInt16BE(2, 4);
  recording.writeBigInt64BE(400n, 8);
  recording.writeBigInt64BE(68n, 16);
  recording.writeBigInt64BE(120n, 24);
  fc.assert(
    fc.property(damaged(recording), (bytes) => {
      try {
        readRecorded(bytes);
      } catch (error) {
        // Whoever reads a recording makes a warning of it.
        expect((error as Error).message).not.toBe('');
      }
    }),
    fuzzing,
  );
});

it('what a Redis answers that was cut or crafted is read, refused, or waited for', () => {
  const answers = Buffer.from('*3\r\n$5\r\nhello\r\n:7\r\n*1\r\n-ERR no\r\n+OK\r\n');
  fc.assert(
    fc.property(damaged(answers), (bytes) => {
      try {
        parseReply(bytes, 0);
      } catch (error) {
        expect((error as Error).message).toMatch(/RESP2/);
      }
    }),
    fuzzing,
  );
});
