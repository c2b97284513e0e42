import { expect, test } from 'vitest';
import { type Random, seededRandom, seededStreams } from '../../../harness/platform/random.js';

const five = (random: Random) => Array.from({ length: 5 }, () => random());

test('a stream of many is that of all its parts', () => {
  const streams = seededStreams(7, 'search');
  for (const cycle of [0, 1, 255, 100_000])
    expect(five(streams(cycle))).toEqual(five(seededRandom(7, 'search', cycle)));
  expect(five(streams(1))).not.toEqual(five(streams(2)));
});

test('the same parts give the same numbers, on every machine', () => {
  expect(five(seededRandom(7, 'mix', 3)).map((value) => Math.floor(value * 1_000))).toMatchInlineSnapshot(`
    [
      118,
      798,
      271,
      352,
      560,
    ]
  `);
});
