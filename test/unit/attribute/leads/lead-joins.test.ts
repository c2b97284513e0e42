import { describe, expect, it } from 'vitest';
import type { Lead, LeadEvidence } from '../../../../harness/attribute/leads/lead.js';
import { attachWrapped, withoutSecondViews } from '../../../../harness/attribute/leads/lead-joins.js';

function evidence(estimate: number, description: string, line?: number): LeadEvidence {
  return {
    kind: line === undefined ? 'fd' : 'retainer',
    slope: { estimate, low: estimate, high: estimate },
    describe: () => description,
    ...(line !== undefined && { location: { file: '/srv/app/store.js', line } }),
  };
}

const opened = (name: string, rate: number): Lead => ({
  evidence: new Map([['fds', evidence(rate, `Descriptors of ${name} are not closed`)]]),
  rates: [rate],
});

const kept = (heapBytes: number, rate: number, line: number): Lead => ({
  evidence: new Map([['heapUsed', evidence(heapBytes, `Objects added at line ${line} are kept`, line)]]),
  rates: [rate],
  holder: { description: '`open` (Map)', path: ['open: Map'] },
});

describe('descriptors that native code opened', () => {
  it('are those of the objects that are kept at the same rate', () => {
    const [database, other, ...more] = attachWrapped([opened('a.db', 1), kept(900, 1, 4), kept(5_000, 0.3, 9)]);
    expect(more).toEqual([]);
    expect(database?.evidence.get('fds')).toMatchObject({
      kind: 'fd',
      slope: { estimate: 1 },
      location: { line: 4 },
    });
    expect(database?.evidence.get('fds')?.describe(1)).toMatch(
      /^Descriptors of a\.db are not closed\. .*line 4 are kept$/,
    );
    expect(other?.evidence.has('fds')).toBe(false);
  });

  it('add up where one object has several', () => {
    const [database, ...more] = attachWrapped([opened('a.db', 1), opened('a.db-wal', 2), kept(900, 1, 4)]);
    expect(more).toEqual([]);
    expect(database?.evidence.get('fds')?.slope.estimate).toBe(3);
  });

  it('are reported alone where nothing comes with them', () => {
    const leads = [kept(5_000, 0.3, 9), kept(800, 0.05, 12), opened('a.db', 1)];
    expect(attachWrapped(leads)).toEqual(leads);
  });
});

describe('descriptors that JavaScript and the C library show', () => {
  const byLine = (rate: number): Lead => ({
    evidence: new Map([['fds', evidence(rate, 'Descriptors opened at store.js:12 are not closed', 12)]]),
    rates: [rate],
  });

  it('are reported once, with the line', () => {
    const shown = byLine(0.5);
    expect(withoutSecondViews([shown, opened('uv__fs_open', 0.52)])).toEqual([shown]);
  });

  it('are two leaks where the C library shows others', () => {
    const leads = [byLine(0.5), opened('uv__fs_open', 1.5)];
    expect(withoutSecondViews(leads)).toEqual(leads);
  });
});

describe('memory that native code took', () => {
  const blocks = (bytes: number, rate: number): Lead => ({
    evidence: new Map([['nativeUsed', evidence(bytes, 'Blocks of memory stay alive')]]),
    rates: [rate],
  });

  it('is that of the objects that are kept at the same rate, several blocks each', () => {
    const [statements, ...more] = attachWrapped([blocks(1_016, 1), blocks(208, 5), kept(136, 1, 5)]);
    expect(more).toEqual([]);
    expect(statements?.evidence.get('nativeUsed')).toMatchObject({ slope: { estimate: 1_224 }, location: { line: 5 } });
    expect(statements?.holder).toBeDefined();
  });

  it('is reported alone where what is kept comes more seldom', () => {
    const leads = [kept(136, 0.03, 5), blocks(1_016, 1)];
    expect(attachWrapped(leads)).toEqual(leads);
  });
});

it('threads that native code started are those of the objects that are kept at the same rate, a whole number each', () => {
  const started = (rate: number): Lead => ({
    evidence: new Map([['threads', evidence(rate, `Threads named \`python\` do not end: ${rate} a cycle`)]]),
    rates: [rate],
  });
  const [instances, ...more] = attachWrapped([started(9), kept(900, 1, 17)]);
  expect(more).toEqual([]);
  expect(instances?.evidence.get('threads')).toMatchObject({ slope: { estimate: 9 }, location: { line: 17 } });
  const unlike = [kept(900, 0.75, 17), started(9.2)];
  expect(attachWrapped(unlike)).toEqual(unlike);
});
