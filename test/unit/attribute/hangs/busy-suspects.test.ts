import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { busySuspects } from '../../../../harness/attribute/hangs/busy-suspects.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import type { RawFrame, TimeReading } from '../../../../harness/model/attribution-protocol.js';
import type { Finding } from '../../../../harness/model/run-record.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const finding = { metric: 'cpuIdle', unit: 'cores', verdict: 'spinning' } as Finding;

const source = 'function any() {\n  first();\n  second();\n}\n';
/** Ran most, but is none of the function's: V8 inlines what is called. */
const inlinedLine = 137;

/** A target with a file of its own and a package, and how often each stack was seen in 1,000 samples. */
function suspicionOf(stacks: readonly [samples: number, ...frames: (readonly [file: string, name: string])[]][]) {
  const directory = temporaryDirectory();
  const packaged = path.join(directory, 'node_modules', 'poller');
  mkdirSync(packaged, { recursive: true });
  writeFileSync(path.join(packaged, 'package.json'), '{"name":"poller","version":"1.2.3"}');
  const files: Readonly<Record<string, string>> = {
    own: path.join(directory, 'service.js'),
    poller: path.join(packaged, 'index.js'),
  };
  for (const file of Object.values(files)) writeFileSync(file, source);
  const frames: RawFrame[] = [];
  const running = stacks.map(([samples, ...stack]) => ({
    samples,
    stack: stack.map(([file, name]) => frames.push([files[file] ?? file, 1, 10, name]) - 1),
    lines: [[inlinedLine, 0.6 * samples] as const, [3, 0.3 * samples] as const, [2, 0.1 * samples] as const],
  }));
  const busySamples = running.reduce((sum, { samples }) => sum + samples, 0);
  const reading: TimeReading = { frames, running, samples: 1_000, busySamples, sourceMaps: {} };
  return busySuspects(reading, finding, new SourceLocator({}, directory));
}

test('what Node and V8 do for a function counts for it', () => {
  const { suspects, explained } = suspicionOf([
    [300, ['own', 'retry'], ['node:internal/timers', 'listOnTimeout']],
    [100, ['', 'stringify'], ['own', 'retry'], ['node:internal/timers', 'listOnTimeout']],
    [200, ['node:net', 'connect'], ['own', 'reconnect']],
    [200, ['node:internal/timers', 'listOnTimeout']],
  ]);
  expect(suspects.map(({ location, share, perCycle }) => [location?.function, share, perCycle.estimate])).toEqual([
    ['retry', 0.5, 0.4],
    ['reconnect', 0.25, 0.2],
  ]);
  expect(suspects[0]?.description).toBe(
    '`retry` at service.js:3 runs for 50 % of the time in which the event loop is busy',
  );
  expect(explained).toEqual({ cpuIdle: 0.75 });
});

test('of a package the own function that called it is reported', () => {
  const { suspects } = suspicionOf([[500, ['poller', 'poll'], ['own', 'start']]]);
  expect(suspects).toMatchObject([
    { location: { package: 'poller@1.2.3', function: 'poll', line: 3 }, calledFrom: { function: 'start', line: 1 } },
  ]);
});

test('where a function only calls others, its beginning is reported', () => {
  const { suspects } = suspicionOf([[500, ['', 'stringify'], ['own', 'retry']]]);
  expect(suspects[0]?.location).toMatchObject({ line: 1, function: 'retry' });
});

test('a main thread that waits is not what keeps a core busy', () => {
  expect(suspicionOf([[15, ['own', 'tick']]])).toEqual({ suspects: [], explained: {} });
});
