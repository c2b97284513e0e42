import fc from 'fast-check';
import { expect, test } from 'vitest';
import { colorWanted } from '../../harness/cli/display/output.js';
import { closestNames } from '../../harness/cli/options/closest-names.js';
import {
  budgetOption,
  choiceOption,
  confidenceOption,
  countOption,
  daysOption,
  durationOption,
  listOption,
  rateOption,
} from '../../harness/cli/options/options.js';
import { reporterNames, reporterOption } from '../../harness/cli/options/reporter-option.js';
import { gravestExitCode } from '../../harness/model/exit-codes.js';
import { shellWords } from '../../harness/model/shell-words.js';

const duration = durationOption('--duration');
const count = countOption('--rounds', 60);
const seed = countOption('--seed', 41, { least: 0 });
const rate = rateOption('--rate');
const days = daysOption('--days');
const confidence = confidenceOption('--confidence');
const budget = budgetOption('--budget');
const reporter = reporterOption('--reporter', reporterNames);

/** What each must take, and for what. */
const taken: readonly (readonly [(text: string) => unknown, string, unknown])[] = [
  [duration, '90s', 90_000],
  [duration, '500ms', 500],
  [duration, '1.5h', 5_400_000],
  [duration, '1h30m', 5_400_000],
  [duration, '24h', 86_400_000],
  [count, '1', 1],
  [seed, '0', 0],
  [days, '1', 1],
  [days, '0.5', 0.5],
  [rate, '50', 50],
  [rate, '0.5/s', 0.5],
  [confidence, '0.999', 0.999],
  [budget, 'heapUsed=64B', { metric: 'heapUsed', value: 64 }],
  [budget, 'heapUsed=64', { metric: 'heapUsed', value: 64 }],
  [budget, 'arrayBuffers=1.5KiB', { metric: 'arrayBuffers', value: 1536 }],
  [budget, 'rss=1GiB', { metric: 'rss', value: 1024 ** 3 }],
  [budget, 'fds=0.01', { metric: 'fds', value: 0.01 }],
  [budget, 'cpuIdle=0', { metric: 'cpuIdle', value: 0 }],
  [budget, 'eventLoopDelay=20ms', { metric: 'eventLoopDelay', value: 20 }],
  [listOption('--metric'), 'rss, fds', ['rss', 'fds']],
  [choiceOption('--attribution', ['off', 'always']), 'off', 'off'],
  [reporter, 'json', { name: 'json' }],
  [reporter, 'html=a=b.html', { name: 'html', file: 'a=b.html' }],
];

test.each(taken.map(([parse, text, value]) => ({ parse, text, value })))('takes $text', ({ parse, text, value }) => {
  expect(parse(text)).toEqual(value);
});

/** What each must refuse. */
const refused: readonly (readonly [(text: string) => unknown, readonly string[]])[] = [
  [duration, ['', '90', '0s', '-1s', 's', '1d', '1 s', '1e3s', 'NaNs', '1h30', '9999999h', '１s']],
  [count, ['0', '-1', '1.5', '1e3', '', ' 1', '0x10', '9007199254740993', 'Infinity']],
  [seed, ['-1', '4.1', 'x']],
  [days, ['', '0', '-1', '1d', '367', 'x']],
  [rate, ['0', '-1', '', '5/m', 'fast', '1e309']],
  [confidence, ['0.5', '1', '99', '99%', '-0.9', '']],
  [budget, ['heapUsed', 'heapUsed=', 'heapUsed=-1', 'heapUsed=64kb', '=3', 'fds=1B', 'fds=1e-3', 'nope=1']],
  [budget, ['heapTotal=1', 'gauge.=1', 'heapUsed=1=2', 'cpuIdle=20ms']],
  [budget, ['gauge.locks=0', 'fds=0.0', 'heapUsed=0', 'heapUsed=0B', 'rss=0KiB']],
  [reporter, ['', 'pdf', 'html=', '=x', 'HTML']],
  [listOption('--metric'), ['', ',', 'a,,b']],
  [choiceOption('--attribution', ['off', 'always']), ['OFF']],
];

test.each(refused.flatMap(([parse, texts]) => texts.map((text) => ({ parse, text }))))(
  'refuses $text',
  ({ parse, text }) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'PLATEAU_INVALID_OPTION', hint: expect.stringMatching(/./) }),
    );
  },
);

test('names that are close are proposed, closest first; others are not', () => {
  const names = ['branch-store/branches', 'branch-store/search', 'mesh/peers'];
  expect(closestNames('branch-store/brnaches', names)[0]).toBe('branch-store/branches');
  expect(closestNames('peer', names)).toEqual(['mesh/peers']);
  expect(closestNames('BRANCHES', names)).toEqual(['branch-store/branches']);
  expect(closestNames('zebra', names)).toEqual([]);
  expect(closestNames('', names)).toEqual([]);
});

test('of several exit codes the gravest counts, and none is no pass', () => {
  expect(gravestExitCode([0, 0])).toBe(0);
  expect(gravestExitCode([0, 2, 0])).toBe(2);
  expect(gravestExitCode([2, 1])).toBe(1);
  expect(gravestExitCode([1, 4, 3])).toBe(4);
  expect(gravestExitCode([4, 130])).toBe(130);
  expect(gravestExitCode([])).toBe(2);
});

test.each([
  [{}, true, undefined, true],
  [{}, false, undefined, false],
  [{ TERM: 'dumb' }, true, undefined, false],
  [{ NO_COLOR: '1' }, true, undefined, false],
  [{ NO_COLOR: '' }, true, undefined, true],
  [{ FORCE_COLOR: '1' }, false, undefined, true],
  [{ FORCE_COLOR: '0' }, true, undefined, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, undefined, false],
  [{ FORCE_COLOR: '1' }, true, false, false],
])('colours with %j, watched %s, --color %s: %s', (environment, interactive, color, wanted) => {
  expect(colorWanted(environment, interactive, color === undefined ? {} : { color })).toBe(wanted);
});

test('a command line is quoted so that a shell reads the same words', () => {
  expect(shellWords(['plateau', 'run', "it's here.mjs", '--budget', 'fds=0.01', ''])).toBe(
    String.raw`plateau run 'it'\''s here.mjs' --budget fds=0.01 ''`,
  );
});

test('no text makes an option do anything but take it or refuse it', () => {
  const parsers = [duration, count, rate, confidence, budget, reporter];
  fc.assert(
    fc.property(fc.constantFrom(...parsers), fc.string({ unit: 'binary' }), (parse, text) => {
      try {
        parse(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'PLATEAU_INVALID_OPTION' });
      }
    }),
    { seed: 41 },
  );
});
