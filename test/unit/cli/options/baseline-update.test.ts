import { expect, test } from 'vitest';
import { baselineEntryOf } from '../../../../harness/analyse/findings/baseline.js';
import { updateText } from '../../../../harness/cli/options/baseline-update.js';
import { findingWith, recordWith } from '../../../support/record-with.js';

const slope = (low: number, high: number) => ({ estimate: (low + high) / 2, low, high, unit: 'B/cycle' });
const findings = [
  findingWith({ metric: 'gauge.sessions', verdict: 'leak', unit: 'entries' }),
  findingWith({ metric: 'heapUsed', verdict: 'inconclusive', slope: slope(2, 30) }),
  findingWith({ metric: 'external', verdict: 'inconclusive', slope: slope(20, 30) }),
];

function textOf(rerun: string): string {
  const record = recordWith({ verdict: 'leak', exitCode: 1, findings, rerun });
  return updateText(record, { file: 'known.json', key: 'shop', before: undefined, after: baselineEntryOf(record) });
}

test('what a run that ended with its leak left undecided is named, with the run that decides it', () => {
  expect(textOf('plateau run ./shop.mjs --seed 1')).toBe(
    [
      'known.json: shop added from run 20261121-071502-7f3a9c',
      '  known: gauge.sessions',
      '  seen to grow: external',
      '  not decided, so not known: heapUsed; a later run may fail on it. To know, update the baseline with this run:',
      '    plateau run ./shop.mjs --seed 1 --no-until-decided',
      '',
    ].join('\n'),
  );
});

test('a run that went to its end must be longer', () => {
  expect(textOf('plateau run ./shop.mjs --no-until-decided --seed 1')).toMatch(/with a longer run\n$/);
});
