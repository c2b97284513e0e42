import { expect, test } from 'vitest';
import { holder, leadsOf, site } from '../../../support/runtime-leads.js';

test('a number beside a holder limits it where its name says so, and where it stays as it is', () => {
  const capacityAmong = (numbers: (cycles: number) => Record<string, number>, isNear: boolean) => {
    const [lead] = leadsOf((cycles) => ({
      sites: [site('value', cycles)],
      holders: [
        holder('app.sessions', cycles, {
          numbers: Object.entries(numbers(cycles)).map(([name, value]) => ({ name, value, isNear })),
        }),
      ],
    }));
    return lead!.capacity;
  };
  expect(capacityAmong(() => ({ maxsize: 20_000, port: 8080 }), true)).toMatchObject({
    name: 'maxsize',
    entries: 20_000,
  });
  expect(capacityAmong(() => ({ MAX_SESSIONS: 9_000, MAX_UPLOADS: 700 }), false)).toMatchObject({ entries: 9_000 });
  expect(capacityAmong(() => ({ maxsize: 300 }), true)).toBeUndefined();
  expect(capacityAmong((cycles) => ({ maxsize: 2 * cycles }), true)).toBeUndefined();
  expect(capacityAmong(() => ({ timeout: 20_000 }), true)).toBeUndefined();
});

test('the outermost holder whose entries come names what its entries hold, and its limit counts', () => {
  const leadWith = (entriesOfLog: (cycles: number) => number) => {
    const numbers = [{ name: 'maxEntries', value: 20_000, isNear: true }];
    const [lead] = leadsOf((cycles) => ({
      sites: [site('header', 6 * cycles, { type: 'Header' })],
      holders: [
        holder('headers', 6 * cycles, { type: 'Header', within: 'log' }),
        holder('log', entriesOfLog(cycles), { numbers }),
      ],
    }));
    return [lead?.holder?.description, lead?.capacity?.entries];
  };
  expect(leadWith((cycles) => 2 * cycles)).toEqual(['`log`', 20_000]);
  // Ever more to each entry that was there before.
  expect(leadWith(() => 50)).toEqual(['`headers`', undefined]);
  expect(leadWith((cycles) => 2_000 + cycles / 50)).toEqual(['`headers`', undefined]);
});

test('what limits each of many collections limits all, where it is they that grow and not their number', () => {
  const capacityOf = (parts: (cycles: number) => number) => {
    const numbers = [{ name: 'LTRIM', value: 21, isNear: true, isCompared: true as const }];
    const [lead] = leadsOf((cycles) => ({
      sites: [site('lists', cycles, { heldBy: 'feed:*' })],
      holders: [holder('feed:*', cycles, { parts: parts(cycles), numbers })],
    }));
    return lead?.capacity?.entries;
  };
  expect(capacityOf(() => 1_500)).toBe(31_500);
  expect(capacityOf((cycles) => 1_400 + cycles / 12)).toBe(21 * 1_450);
  expect(capacityOf((cycles) => cycles / 3)).toBeUndefined();
});
