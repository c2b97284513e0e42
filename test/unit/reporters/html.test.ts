import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveData } from '../../../reporters/html/chart-data.js';
import { type PackedNumbers, packNumbers } from '../../../reporters/html/packed-numbers.js';
import { siteTree } from '../../../reporters/html/site-tree.js';
import { htmlReport } from '../../../reporters/index.js';
import { leakRecord } from '../../support/leak-record.js';
import { nastyRecord } from '../../support/nasty-record.js';
import { findingWith } from '../../support/record-with.js';
import { allRecords, plateauRecord } from '../../support/run-records.js';
import { daySamples, leakSamples } from '../../support/sample-tables.js';
import { syntheticRun } from '../../support/synthetic-run.js';

/** As the page's own script has them back. */
const { unpackNumbers } = (await import(
  new URL('../../../reporters/html/client/numbers.js', import.meta.url).href
)) as { unpackNumbers(packed: PackedNumbers): number[] };

/** What a reader sees, without the scripts and the style that every page has. */
function bodyOf(page: string): string {
  return page
    .replace(/<style>[\s\S]*<\/style>/, '')
    .replace(/<script[\s\S]*<\/script>/, '')
    .replace(/content="default-src[^"]*"/, '');
}

describe('HTML report', () => {
  for (const [name, record] of Object.entries(allRecords))
    it(name, async () => {
      const page = htmlReport(record, name === 'crashed' ? undefined : leakSamples(), { directory: '/srv/app' });
      await expect(bodyOf(page)).toMatchFileSnapshot(`golden/html-${name}.txt`);
    });

  it('is the same for the same input', () => {
    expect(htmlReport(leakRecord, leakSamples())).toBe(htmlReport(leakRecord, leakSamples()));
  });

  it('lets only its own scripts and style run, by their hashes', () => {
    const page = htmlReport(nastyRecord, leakSamples());
    const policy = page.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1] ?? '';
    const inline = [...page.matchAll(/<(?:script|style)>([\s\S]*?)<\/(?:script|style)>/g)].map(([, text = '']) => text);
    expect(inline).toHaveLength(3);
    for (const text of inline) expect(policy).toContain(createHash('sha256').update(text).digest('base64'));
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('asks for nothing from elsewhere', () => {
    const page = htmlReport(leakRecord, leakSamples());
    expect(page).not.toMatch(/<(link|script|img|iframe)[^>]+(src|href)="(?!data:|#)/);
    expect(page).not.toMatch(/@import|url\((?!data:)/);
  });

  it('holds a target’s text as text', () => {
    const page = htmlReport(nastyRecord, leakSamples());
    expect(page).not.toContain('<img');
    expect(page.match(/<\/script>/g)).toHaveLength(3);
    expect(page).not.toMatch(/href="(?!#|\.\/|data:image)/);
    expect(bodyOf(page)).not.toMatch(/[^\P{C}\n]/u);
  });

  it('links only to plain files beside it', () => {
    const artifacts = ['attribution/end.heapsnapshot', '../x', '/etc/passwd', 'https://x', 'a/../b', '.hidden', 'a b'];
    const page = htmlReport({ ...leakRecord, artifacts: artifacts.map((path) => ({ kind: 'file', path })) });
    expect([...page.matchAll(/href="\.\/([^"]*)"/g)].map(([, path]) => path)).toEqual(['attribution/end.heapsnapshot']);
  });

  it('stays under 1 MB for a day at one sample a second of 50 metrics', () => {
    expect(htmlReport(leakRecord, daySamples().table).length).toBeLessThan(1e6);
  });
});

describe('curves', () => {
  it('keep every floor exactly', () => {
    const samples = leakSamples();
    const { charts, floors } = curveData(leakRecord, samples);
    const rows = samples.kinds.flatMap((kind, row) => (kind === 'floor' ? [row] : []));
    expect(unpackNumbers(floors.cycles)).toEqual(rows.map((row) => samples.cycles[row]));
    for (const { metric, floors: packed } of charts)
      expect(unpackNumbers(packed)).toEqual(rows.map((row) => samples.metrics.get(metric)?.[row]));
    expect(charts.map(({ metric }) => metric)).toEqual(expect.arrayContaining([...samples.metrics.keys()]));
  });

  it('lose no spike of a single sample in a day', () => {
    const { table } = daySamples();
    const { charts, load } = curveData(leakRecord, table);
    expect(load.bucketed).toBe(true);
    const spiked = charts.find(({ metric }) => metric === 'gauge.metric1');
    const highs = unpackNumbers(spiked?.load?.high ?? { length: 0, constant: null });
    expect(highs.filter((value) => value === 9_999)).toHaveLength(1);
    expect(highs.length).toBeLessThanOrEqual(600);
  });

  it('of more floors than a page has room for, keep the lowest and the highest of each stretch', () => {
    const { samples } = syntheticRun({
      floors: 5_000,
      metrics: { heapUsed: ({ floor }) => (floor === 3_210 ? 999 : floor % 7), fds: () => 20 },
      phaseOf: (floor) => (floor % 1_000 === 0 ? 'null' : 'measure'),
    });
    const { charts, floors } = curveData(leakRecord, samples, { floorsMax: 200 });
    expect(floors.bucketed).toBe(true);
    const [heap, fds] = ['heapUsed', 'fds'].map((name) => charts.find(({ metric }) => metric === name)!);
    const values = unpackNumbers(heap!.floors);
    expect(values.length).toBeLessThan(220);
    expect(values.filter((value) => value === 999)).toHaveLength(1);
    expect(values.filter((value) => value === 0).length).toBeGreaterThan(90);
    expect([values[0], values.at(-1)]).toEqual([0, 4_999 % 7]);
    // Floors of another phase are drawn as such, in their own places.
    expect(floors.phases.match(/n/g)).toHaveLength(5);
    expect(heap).toMatchObject({ read: 5_000, steady: false });
    expect(fds).toMatchObject({ read: 5_000, steady: true });
    const cycles = unpackNumbers(floors.cycles);
    expect(cycles).toEqual(cycles.toSorted((one, other) => one - other));
  });

  it('draw the judged slope through its floors, and its band around it', () => {
    const { charts } = curveData(leakRecord, leakSamples());
    const { fit } = charts.find(({ metric }) => metric === 'gauge.commitLocks') ?? {};
    expect(fit?.line).toHaveLength(fit?.floors.length ?? 0);
    // commitLocks equals the cycles, so its line at a floor is the floor itself.
    fit?.floors.forEach((floor, index) => {
      expect(fit.line[index]).toBeCloseTo(Math.min(floor + 1, 60) * 220, 3);
      expect(fit.low[index]).toBeLessThanOrEqual(fit.line[index]!);
      expect(fit.high[index]).toBeGreaterThanOrEqual(fit.line[index]!);
    });
    expect(fit?.floors[0]).toBe(12);
  });

  it('draw the heap as it is judged, without compiled code', () => {
    const samples = leakSamples();
    const heap = samples.metrics.get('heapUsed')!;
    const withCode = new Map([...samples.metrics, ['heapCode', heap.map(() => 1_000)]]);
    const packed = curveData(leakRecord, { ...samples, metrics: withCode }).charts.find(
      ({ metric }) => metric === 'heapUsed',
    )!.floors;
    expect(unpackNumbers(packed)[0]).toBe([...heap].find((_, row) => samples.kinds[row] === 'floor')! - 1_000);
  });

  it('draw a level that was judged as a level', () => {
    const slope = { estimate: 0.002, low: 0.001, high: 0.003, unit: 'cores' };
    const record = { ...plateauRecord, findings: [findingWith({ metric: 'cpuIdle', unit: 'cores', slope })] };
    const { fit } = curveData(record, leakSamples()).charts[0]!;
    expect(new Set(fit?.line)).toEqual(new Set([0.002]));
    expect(new Set(fit?.high)).toEqual(new Set([0.003]));
  });

  it('have no line where floors never moved, and are folded away there', () => {
    const chart = curveData(leakRecord, leakSamples()).charts.find(({ metric }) => metric === 'fds');
    expect(chart).toMatchObject({ steady: true });
    expect(chart?.fit).toBeUndefined();
    expect(htmlReport(leakRecord, leakSamples())).toMatch(
      /<details class="folded"><summary>\d+ never moved[\s\S]*data-metric="fds"/,
    );
  });

  it('have no line where nothing was judged', () => {
    const record = { ...plateauRecord, findings: [findingWith({ metric: 'heapUsed', rounds: 0 })] };
    expect(curveData(record, leakSamples()).charts[0]?.fit).toBeUndefined();
  });
});

describe('packed numbers', () => {
  it('come back exactly', () => {
    // There is no minus zero among measurements.
    const value = fc
      .oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.constant(Number.NaN))
      .map((one) => (Number.isFinite(one) ? one + 0 : Number.NaN));
    fc.assert(
      fc.property(fc.array(value), (values) => {
        expect(unpackNumbers(packNumbers(values))).toEqual(values);
      }),
    );
  });

  it('distinguish sizes of gigabytes', () => {
    const values = [40_000_000_001, 40_000_000_002, 41_000_000_000];
    expect(unpackNumbers(packNumbers(values))).toEqual(values);
  });
});

describe('tree of sites', () => {
  const members = leakRecord.suspects.slice(0, 2).map((suspect, index) => ({ suspect, index }));

  it('joins calls that stacks share, outermost first, without Node’s own', () => {
    const root = siteTree(members);
    expect(root.children).toHaveLength(1);
    const [shared] = root.children;
    expect(shared?.frames.map((frame) => frame.function)).toEqual([
      'listener',
      'authorize',
      'route',
      'handleCommit',
      'BranchStore.commit',
    ]);
    expect(shared?.children.map(({ suspects }) => suspects)).toEqual([[0], [1]]);
    expect(shared?.perCycle).toBe(1_143 + 188);
  });

  it('holds a suspect that has no place at all', () => {
    expect(siteTree([{ suspect: leakRecord.suspects[2]!, index: 2 }])).toMatchObject({ children: [], suspects: [2] });
  });
});
