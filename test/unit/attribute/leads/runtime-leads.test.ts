import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StackFrame } from '../../../../harness/model/runtime.js';
import { holder, inPackage, leadsOf, library, own, site } from '../../../support/runtime-leads.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

test('what grows is a lead with its rate, its place and a sentence; what stays is none', () => {
  const leads = leadsOf((cycles) => ({ sites: [site('grows', cycles), site('stays', 500, { stack: [own(9)] })] }));
  expect(leads).toHaveLength(1);
  expect(leads[0]!.rates[0]).toBeCloseTo(1);
  expect(leads[0]!.evidence.get('heapUsed')).toMatchObject({
    kind: 'allocation-site',
    slope: { estimate: 200 },
    location: { file: '/srv/app/app.py', line: 7, function: 'login' },
  });
  expect(leads[0]!.evidence.get('heapUsed')?.describe(1)).toBe(
    'Dict objects made at app.py:7 in `login` stay alive: 1 a cycle',
  );
});

test('the runtime’s own library is left out of the stack; a line of a package leads, with the caller behind it', () => {
  const [lead] = leadsOf((cycles) => ({ sites: [site('a', cycles, { stack: [library, inPackage, own(12)] })] }));
  const { location, stack } = lead!.evidence.get('heapUsed')!;
  expect(location).toMatchObject({ file: '/venv/pool.py', package: 'pool@1.2' });
  expect(stack!.map(({ line }) => line)).toEqual([9, 12]);
});

test('what a package has made is named by the line that adds it to a holder; what the target has made, by that', () => {
  const addedAt = own(30);
  const placeOf = (stack: readonly StackFrame[]) => {
    const [lead] = leadsOf((cycles) => ({
      sites: [site('a', cycles, { stack, heldBy: 'app.seen' })],
      holders: [holder('app.seen', cycles, { addedAt })],
    }));
    const { location, describe } = lead!.evidence.get('heapUsed')!;
    return [location?.line, describe(1)];
  };
  expect(placeOf([library, inPackage])).toEqual([
    30,
    'Dict objects added at app.py:30 in `login` (1 a cycle) are kept by `app.seen`',
  ]);
  expect(placeOf([library, own(12)])[0]).toBe(12);
});

test('what hangs on the entries of a holder is kept by it, whatever its rate; what hangs there in part only is not', () => {
  const holderOf = (hanging: number) => {
    const [lead] = leadsOf((cycles) => ({
      sites: [site('a', cycles * 0.53, { type: '[B' })],
      holders: [
        holder('App.names', cycles * 0.2, { type: 'java.lang.String' }),
        holder('App.listeners', cycles, { type: 'App lambda', contents: new Map([['[B', hanging]]) }),
      ],
    }));
    return lead!.holder?.description;
  };
  expect([holderOf(600), holderOf(100)]).toEqual(['`App.listeners`', undefined]);
});

test('a holder says for how long it keeps its entries', () => {
  const expiry = { name: 'expires_at', inMs: 60_000 };
  const [lead] = leadsOf((cycles) => ({
    sites: [site('a', cycles, { heldBy: 'app.seen' })],
    holders: [holder('app.seen', cycles, { expiry })],
  }));
  expect(lead!.expiry).toEqual(expiry);
});

test('what the runtime cannot read is read in the source, what it has looked for in vain is not', () => {
  const file = join(temporaryDirectory(), 'service.go');
  writeFileSync(file, 'sessions[id] = session{expires: soon}');
  const expiryWhere = (more: object) => {
    const [lead] = leadsOf((cycles) => ({
      sites: [site('a', cycles, { heldBy: 'app.seen', stack: [{ file, line: 1, isOwn: true }] })],
      holders: [holder('app.seen', cycles, more)],
    }));
    return lead!.expiry;
  };
  expect([expiryWhere({}), expiryWhere({ expiry: null })]).toEqual([{ name: 'expires' }, undefined]);
  const withLife = (life: number) => expiryWhere({ entryNumbers: new Map([['maxInactiveMs', life]]) });
  expect([withLife(5_000), withLife(-1), withLife(0), withLife(Number.MAX_SAFE_INTEGER)]).toEqual([
    { name: 'expires' },
    undefined,
    undefined,
    undefined,
  ]);
  expect(expiryWhere({ entryNumbers: new Map([['visits', 0]]) })).toEqual({ name: 'expires' });
});

test('what a package opens is opened for the line that calls it', () => {
  const opened = { kind: 'fd', what: 'connections', stack: [inPackage, own(12)] } as const;
  const [lead] = leadsOf((cycles) => ({ sites: [site('a', cycles, { ...opened, live: { fds: cycles } })] }));
  expect(lead!.evidence.get('fds')).toMatchObject({
    kind: 'fd',
    location: { line: 12 },
  });
  expect(lead!.evidence.get('fds')?.describe(1)).toBe(
    'Connections opened at app.py:12 in `login` are not closed: 1 a cycle',
  );
});

test('what is made at one rate and held by what grows at that rate is one leak, at the line that makes most', () => {
  const leads = leadsOf((cycles) => ({
    sites: [
      site('key', cycles, { live: { heapUsed: cycles * 60 }, stack: [own(8)] }),
      site('value', cycles, { live: { heapUsed: cycles * 300, objects: cycles } }),
    ],
    holders: [holder('app.other', 3 * cycles), holder('app.sessions', cycles)],
  }));
  expect(leads).toHaveLength(1);
  expect(leads[0]!.holder).toEqual({ description: '`app.sessions`', path: ['app.sessions'] });
  expect(leads[0]!.evidence.get('heapUsed')).toMatchObject({
    kind: 'retainer',
    slope: { estimate: 360 },
    location: { line: 7 },
  });
  expect(leads[0]!.evidence.get('heapUsed')?.describe(1)).toBe(
    'Dict objects made at app.py:7 in `login` (1 a cycle) are kept by `app.sessions`',
  );
  expect(leads[0]!.evidence.get('objects')?.slope.estimate).toBeCloseTo(1);
});

test('a holder of the same type may hold several to an entry; one that holds another type at another rate is none', () => {
  const three = (type: string) =>
    leadsOf((cycles) => ({
      sites: [site('a', 3 * cycles, { type: 'Point' })],
      holders: [holder('app.shapes', cycles, { type })],
    }))[0]!.holder?.description;
  expect(three('Point')).toBe('`app.shapes`');
  expect(three('Line')).toBeUndefined();
});

test('a cache that has filled is no lead', () => {
  expect(leadsOf((cycles) => ({ sites: [site('a', Math.min(cycles, 200))] }))).toEqual([]);
});

test('what only the library seems to make is left out where the target’s own code makes more of it', () => {
  const libraryOnly = (perCycle: number) =>
    leadsOf((cycles) => ({
      sites: [site('a', cycles), site('b', perCycle * cycles, { stack: [library] })],
    })).length;
  expect([libraryOnly(0.5), libraryOnly(2)]).toEqual([1, 2]);
});

test('a holder that is known to keep what a place makes is its holder at any rate', () => {
  const [lead] = leadsOf((cycles) => ({
    sites: [site('a', 0.4 * cycles, { heldBy: 'app.sessions' })],
    holders: [holder('app.sessions', cycles), holder('app.others', 0.4 * cycles)],
  }));
  expect(lead!.holder?.description).toBe('`app.sessions`');
});

test('what entries of a holder keep beyond what its places made was booked elsewhere, and is booked there no more', () => {
  const booked = (bytesPerEntry: number) =>
    leadsOf((cycles) => ({
      sites: [
        site('a', cycles, { heldBy: 'app.sessions' }),
        site('b', 0.3 * cycles, { live: { heapUsed: 100 * cycles }, stack: [own(20)] }),
      ],
      holders: [holder('app.sessions', cycles, { bytesPerEntry })],
    })).map(({ evidence }) => Math.round(evidence.get('heapUsed')!.slope.estimate));
  expect(booked(150)).toEqual([200, 100]);
  expect(booked(250)).toEqual([250, 50]);
  expect(booked(300)).toEqual([300]);
});

test('the line that makes the entries leads, however much hangs on them', () => {
  const [lead] = leadsOf((cycles) => ({
    sites: [
      site('rows', cycles, { heldBy: 'app.failed', live: { heapUsed: cycles * 4000 }, stack: [own(8)] }),
      site('error', cycles, { heldBy: 'app.failed', makesEntries: true, what: '`ValueError` objects' }),
    ],
    holders: [holder('app.failed', cycles)],
  }));
  expect(lead!.evidence.get('heapUsed')).toMatchObject({
    slope: { estimate: 4200 },
    location: { line: 7 },
  });
  expect(lead!.evidence.get('heapUsed')?.describe(1)).toBe(
    '`ValueError` objects made at app.py:7 in `login` (1 a cycle) are kept by `app.failed`',
  );
});

test('what only gets larger is said in bytes, with the holder that is known to keep it', () => {
  const [lead] = leadsOf((cycles) => ({
    sites: [
      site('fields', 5, {
        kind: 'retainer',
        what: 'fields of a hash',
        heldBy: 'profile',
        live: { heapUsed: cycles * 120 },
        stack: [],
      }),
    ],
    holders: [holder('profile', 5)],
  }));
  expect(lead!.evidence.get('heapUsed')!.describe(1)).toBe(
    'Fields of a hash, kept by `profile`, grow by 120 B a cycle',
  );
  expect(lead!.evidence.get('heapUsed')!.describe(0.5, 40)).toMatch(/ grow by 80 B a cycle$/);
  expect(lead!.holder?.description).toBe('`profile`');
});

test('a holder that is emptied now and then explains nothing beside one that keeps its entries', () => {
  const holdersOf = (cursorsAfter: (cycles: number) => number, listens: boolean) =>
    leadsOf((cycles) => {
      const [cursors, listeners] = [cursorsAfter(cycles), listens ? cycles : 5];
      return {
        sites: [
          site('cursors', cursors, { stack: [own(9)], heldBy: 'pool.cursors' }),
          site('listeners', listeners, { heldBy: 'app.listeners' }),
        ],
        holders: [holder('pool.cursors', cursors), holder('app.listeners', listeners)],
      };
    }, 1500).map((lead) => lead.holder?.description);
  const emptiedAt1500 = (cycles: number) => cycles - 1500;
  expect(holdersOf(emptiedAt1500, true)).toEqual(['`app.listeners`']);
  expect(holdersOf((cycles) => cycles, true)).toEqual(['`pool.cursors`', '`app.listeners`']);
  expect(holdersOf(emptiedAt1500, false)).toEqual(['`pool.cursors`']);
});
