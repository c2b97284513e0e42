import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineScenario, operation, type RunRecord, runScenario } from 'plateau';
import { describe, expect, it } from 'vitest';
import { lineOfText } from '../support/native-services.js';
import { hasPython } from '../support/python-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/runtimes/python/${name}`, import.meta.url));
const source = fixture('thumbnail.c');

describe.runIf(hasPython)('a C library that a service in Python calls', () => {
  function soak(freed: number): Promise<RunRecord> {
    const library = join(temporaryDirectory(), 'libthumbnail.so');
    execFileSync('cc', ['-O2', '-g', '-shared', '-fPIC', '-o', library, source]);
    const scenario = defineScenario({
      name: 'thumbnails',
      target: {
        command: ['python3', fixture('thumbnails.py'), '{port}'],
        env: { LIBRARY: library, FREED: String(freed) },
      },
      operations: {
        thumbnail: operation({
          create: ({ target, cycle }) => target.http.post(`/things/${cycle}`),
          destroy: () => Promise.resolve(),
        }),
      },
    });
    return runScenario(scenario, { seed: 41, durationMs: 200_000, outDirectory: temporaryDirectory() });
  }

  it('is named by the line that allocates what nobody frees', async () => {
    const record = await soak(0.5);
    expect(record).toMatchObject({ verdict: 'leak' });
    const [finding] = record.findings.filter(({ metric }) => metric === 'heapUsed');
    expect(finding!.slope.estimate / 208).toBeCloseTo(1, 1);
    expect(record.suspects[0]).toMatchObject({
      metric: 'heapUsed',
      location: { file: source, line: lineOfText(source, 'leak: thumbnail'), function: 'make_thumbnail' },
    });
    expect(record.suspects[0]!.share).toBeGreaterThan(0.9);
  });

  it('is sound where all is freed', async () => {
    expect(await soak(1)).toMatchObject({ verdict: 'plateau' });
  });
});
