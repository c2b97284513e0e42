import { describe, expect, it } from 'vitest';
import type { EvidenceRound } from '../../../../harness/attribute/evidence/attribution-session.js';
import type { Lead, LeadEvidence } from '../../../../harness/attribute/leads/lead.js';
import { attachNative } from '../../../../harness/attribute/leads/native-leads.js';
import { SourceLocator } from '../../../../harness/attribute/source/source-locator.js';
import type { Finding } from '../../../../harness/model/run-record.js';

const locator = new SourceLocator({}, '/srv/app');
const finding = (metric: string, estimate: number): Finding => ({
  kind: 'growth',
  axis: 'cycle',
  metric,
  unit: 'B',
  verdict: 'leak',
  shape: 'linear',
  slope: { estimate, low: estimate * 0.9, high: estimate * 1.1, unit: 'B/cycle' },
  confidence: 0.99,
  budget: 0,
  detectionFloor: 0,
  first: 0,
  last: 1,
  rounds: 30,
  reason: '',
});

function kept(heapBytes: number, rate: number, holder: string): Lead {
  const evidence: LeadEvidence = {
    kind: 'retainer',
    slope: { estimate: heapBytes, low: heapBytes, high: heapBytes },
    describe: () => 'Images added at draw.js:4 are kept',
    location: { file: '/srv/app/draw.js', line: 4 },
  };
  return {
    evidence: new Map([['heapUsed', evidence]]),
    rates: [rate],
    holder: { description: holder, path: [holder] },
  };
}

/** A round of a Node target. */
const nodeRound: EvidenceRound = { cycles: 100, values: {}, resources: { frames: [], groups: [] } };

describe('memory outside JavaScript', () => {
  it('is one leak with what native code holds in the heap', () => {
    const leads = [kept(900, 1, '`cache` (Map)'), kept(600, 1, '`native code` (by a global handle)')];
    const [other, native, ...more] = attachNative([finding('rss', 160_000)], leads, [], locator);
    expect(more).toEqual([]);
    expect(other?.evidence.has('rss')).toBe(false);
    expect(native?.evidence.get('rss')).toMatchObject({ location: { line: 4 }, slope: { estimate: 158_500 } });
  });

  it('is reported alone, with what was excluded, where nothing comes with the cycles', () => {
    const leads = [kept(10, 0.001, '`x` (Map)')];
    const [lead, native] = attachNative([finding('rss', 160_000)], leads, [nodeRound], locator);
    expect(lead?.evidence.has('rss')).toBe(false);
    expect(native?.evidence.get('rss')?.location).toBeUndefined();
    expect(native?.evidence.get('rss')?.describe(1)).toContain('the V8 heap and ArrayBuffers account for 10 B');
  });

  it('is shown by live memory that this pass alone could read, where that explains it', () => {
    const runtime = { sites: [], holders: [], warnings: [] };
    const postgresRound: EvidenceRound = { cycles: 100, values: {}, runtime };
    const leads = [kept(3_400, 1, '`sessions`'), kept(100, 1, '`others`')];
    const [statements, ...more] = attachNative([finding('uss', 6_200)], leads, [postgresRound], locator);
    expect(statements?.evidence.get('uss')).toMatchObject({ location: { line: 4 }, slope: { estimate: 3_400 } });
    expect(more).toHaveLength(1);
    const measured = attachNative([finding('uss', 6_200), finding('heapUsed', 3_500)], leads, [postgresRound], locator);
    expect(measured.some(({ evidence }) => evidence.has('uss'))).toBe(false);
  });

  it('of a target of another runtime is reported without words of V8', () => {
    const runtime = { sites: [], holders: [], warnings: [] };
    const [seen] = attachNative([finding('uss', 300)], [], [{ cycles: 100, values: {}, runtime }], locator);
    expect(seen?.evidence.get('uss')?.describe(1)).toBe(
      'Memory that the target has from the system grows by 300 B a cycle; the places where live memory was allocated account for 0 B a cycle: native code, or an allocator that keeps what it was given back',
    );
    const [unseen] = attachNative([finding('uss', 300)], [], [{ cycles: 100, values: {} }], locator);
    expect(unseen?.evidence.get('uss')?.describe(1)).toBe('Memory of the target grows by 300 B a cycle');
  });

  const counted = (allocatedBytes: number, liveBytes: number, cycles: number): EvidenceRound => ({
    ...nodeRound,
    cycles,
    runtime: { sites: [], holders: [], warnings: [], allocator: { allocatedBytes, liveBytes } },
  });

  it('is what the allocator keeps where the program has freed what it allocated', () => {
    const rounds = [counted(10 * 2 ** 20, 2 ** 20, 100), counted(60 * 2 ** 20, 2 ** 20, 200)];
    const [kept] = attachNative([finding('rss', 40_000)], [], rounds, locator);
    expect(kept?.evidence.get('rss')?.describe(1)).toMatch(
      /the allocator, which keeps pages although the program freed 50\.0 of the 50\.0 MiB that it allocated meanwhile$/,
    );
    const unfreed = [counted(10 * 2 ** 20, 2 ** 20, 100), counted(60 * 2 ** 20, 40 * 2 ** 20, 200)];
    const [unknown] = attachNative([finding('rss', 40_000)], [], unfreed, locator);
    expect(unknown?.evidence.get('rss')?.describe(1)).toMatch(/native code, or an allocator that keeps/);
    const hardlyAny = [counted(2 ** 20, 2 ** 20, 100), counted(2 ** 20 + 900, 2 ** 20, 200)];
    const [mapped] = attachNative([finding('rss', 40_000)], [], hardlyAny, locator);
    expect(mapped?.evidence.get('rss')?.describe(1)).toMatch(/native code, or an allocator that keeps/);
  });

  it('is what native code allocates where its stacks are known', () => {
    const evidence: LeadEvidence = {
      kind: 'allocation-site',
      slope: { estimate: 1_032, low: 1_032, high: 1_032 },
      describe: () => 'Blocks of memory made at addon.c:9 stay alive',
      location: { file: '/srv/app/addon.c', line: 9 },
    };
    const site: Lead = { evidence: new Map([['nativeUsed', evidence]]), rates: [1] };
    const rounds = [counted(0, 0, 100), counted(103_200, 103_200, 200)];
    const [found, ...more] = attachNative([finding('rss', 1_040)], [site], rounds, locator);
    expect(found?.evidence.get('rss')).toEqual(evidence);
    expect(more).toEqual([]);
  });

  it('is not suspected where the heap accounts for it', () => {
    const leads = [kept(90_000, 1, '`cache` (Map)')];
    expect(attachNative([finding('rss', 100_000)], leads, [], locator)).toEqual(leads);
  });

  it('called external must grow in the pass too', () => {
    const rounds = [1, 2, 3, 4].map((round) => ({ cycles: round * 100, values: { external: round * 100 * 8_000 } }));
    const still = rounds.map(({ cycles }) => ({ cycles, values: { external: 0 } }));
    expect(attachNative([finding('external', 8_000)], [], rounds, locator)).toHaveLength(1);
    expect(attachNative([finding('external', 8_000)], [], still, locator)).toEqual([]);
  });
});
