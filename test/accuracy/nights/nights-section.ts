import { type Random, seededRandom } from '../../../harness/platform/random.js';
import type { Section } from '../section.js';
import { markdownTable, share } from '../tally.js';
import { type NightRule, nightRules } from './rivals.js';

const seriesOfEach = 200;
const nightsAfter = [3, 4, 6];
const length = 100;

type Noise = (random: Random) => () => number;

/** Noise of nights, standard deviation 1. */
const noises: Readonly<Record<string, Noise>> = {
  normal: (random) => () => gaussian(random),
  'heavy tails (t, 3 degrees)': (random) => () => {
    const chi = (gaussian(random) ** 2 + gaussian(random) ** 2 + gaussian(random) ** 2) / 3;
    return gaussian(random) / Math.sqrt(chi) / Math.sqrt(3);
  },
  'nights that take after each other (AR 0.3)': (random) => {
    let last = 0;
    return () => {
      last = 0.3 * last + Math.sqrt(0.91) * gaussian(random);
      return last;
    };
  },
  'one night in 20 bad by 15': (random) => () => gaussian(random) + (random() < 0.05 ? (random() < 0.5 ? -15 : 15) : 0),
};

/** Box and Muller. */
function gaussian(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function series(noise: Noise, seed: readonly (string | number)[], nights: number, levelOf: (night: number) => number) {
  const next = noise(seededRandom('accuracy-nights', ...seed));
  return Array.from({ length: nights }, (_, night) => next() + levelOf(night));
}

/** Change points over nights: how often flat series change, and how soon a change is found. */
export function nightsSection(): Section {
  const names = nightRules.map(({ name }) => name);
  const body = [
    `${seriesOfEach} series of each kind, looked at anew every night, as a suite does. σ is the standard deviation of the nights.`,
    `### Flat series of ${length} nights in which a change was ever found`,
    markdownTable(['noise', ...names], flatRows()),
    '### One night bad by 20 σ called a change in one of the four nights from it on',
    markdownTable(
      ['', ...names],
      [['after 29 nights', ...nightRules.map(({ find }) => hits((seed) => badNightChanges(find, seed)))]],
    ),
    '### Shifts found within a night of where they are, by the nights there are after the shift',
    markdownTable(['shift', 'nights after', ...names], shiftRows()),
    `Rules: ${nightRules.map(({ name, about }) => `**${name}** ${about}`).join('; ')}.`,
  ].join('\n\n');
  return { title: 'Changes over nights', body, failures: [] };
}

type Find = NightRule['find'];

function flatRows(): string[][] {
  return Object.entries(noises).map(([name, noise]) => [
    name,
    ...nightRules.map((rule) =>
      hits((seed) =>
        everChanges(
          rule,
          series(noise, [name, seed], length, () => 0),
        ),
      ),
    ),
  ]);
}

function everChanges({ find, keepsWhatItFound }: NightRule, values: readonly number[]): boolean {
  if (keepsWhatItFound) return find(values).length > 0;
  for (let upTo = 8; upTo <= length; upTo += 1) if (find(values.slice(0, upTo)).length > 0) return true;
  return false;
}

function badNightChanges(find: Find, seed: number): boolean {
  const values = series(noises.normal!, ['bad', seed], 33, (night) => (night === 29 ? 20 : 0));
  return [30, 31, 32, 33].some((upTo) => find(values.slice(0, upTo)).some((index) => Math.abs(index - 29) <= 1));
}

function shiftRows(): string[][] {
  return [3, 5, 8].flatMap((shift) =>
    [10, 20, 40].flatMap((before) =>
      nightsAfter.map((nights) => [
        `${shift} σ after ${before} nights`,
        String(nights),
        ...nightRules.map(({ find }) => hits((seed) => shiftIsFound(find, { shift, before, nights, seed }))),
      ]),
    ),
  );
}

interface Shift {
  readonly shift: number;
  readonly before: number;
  readonly nights: number;
  readonly seed: number;
}

function shiftIsFound(find: Find, { shift, before, nights, seed }: Shift): boolean {
  const levelOf = (night: number) => (night >= before ? shift : 0);
  const values = series(noises.normal!, [shift, before, seed], before + nights, levelOf);
  return find(values).some((index) => Math.abs(index - before) <= 1);
}

function hits(holds: (seed: number) => boolean): string {
  let count = 0;
  for (let seed = 0; seed < seriesOfEach; seed += 1) if (holds(seed)) count += 1;
  return share(count, seriesOfEach);
}
