import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunEvent } from '../../harness/model/run-log.js';
import type { Sample } from '../../harness/model/sample.js';
import { SampleTableBuilder } from '../../harness/model/sample-table.js';
import { SampleLogDecoder, SampleLogEncoder } from '../../harness/store/sample-log.js';

const name = fc.oneof(
  fc.constantFrom('heapUsed', 'fds', 'fds.file', 'cycles', 'cycles.branch', 'gauge.é\n"', 'kind'),
  fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }).filter((text) => !(text in {})),
);
const value = fc.double({ noNaN: false }).map((number) => (Object.is(number, -0) ? 0 : number));
const sample: fc.Arbitrary<Sample> = fc.record({
  kind: fc.constantFrom('floor', 'load'),
  phase: fc.constantFrom('measure', 'null', 'census', 'control', 'rest', 'reload'),
  round: fc.nat(),
  elapsedMs: fc.double({ min: 0, max: 1e9, noNaN: true }).map((number) => number + 0),
  cycles: fc.nat(),
  cyclesByOperation: fc.dictionary(name, fc.nat(), { maxKeys: 3 }),
  values: fc.dictionary(name, value, { maxKeys: 5 }),
});

/** What the disk can hold: a number that is not finite was not read. */
function finiteOnly(given: Sample): Sample {
  const names = Object.entries(given.values).map(([key, number]) => [
    key,
    Number.isFinite(number) ? number : Number.NaN,
  ]);
  return { ...given, values: Object.fromEntries(names) };
}

test('any samples, with any columns coming and going, come back as the same table', () => {
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 40 }), (samples) => {
      const encoder = new SampleLogEncoder();
      const read = new SampleTableBuilder();
      const events: RunEvent[] = [];
      const decoder = new SampleLogDecoder(read, (event) => events.push(event));
      const written = new SampleTableBuilder();
      for (const [index, given] of samples.entries()) {
        const warning: RunEvent = { event: 'warning', message: `${index}` };
        const text = encoder.sample(given) + encoder.event(warning);
        for (const line of text.trimEnd().split('\n')) decoder.line(line);
        written.add(finiteOnly(given));
      }
      expect(read.table()).toEqual(written.table());
      expect(events).toHaveLength(samples.length);
    }),
    { seed: 41, numRuns: 300 },
  );
});
