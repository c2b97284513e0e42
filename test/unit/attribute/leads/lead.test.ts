import { describe, expect, it } from 'vitest';
import { type Lead, type LeadEvidence, mergeLeads } from '../../../../harness/attribute/leads/lead.js';
import { type PassGrowth, suspectsOf } from '../../../../harness/attribute/suspects.js';
import type { CodeLocation, Finding, GrowthFinding } from '../../../../harness/model/run-record.js';

const at = (line: number, functionName = 'handle'): CodeLocation => ({
  file: '/app/server.js',
  line,
  function: functionName,
});

function evidence(estimate: number, kind: LeadEvidence['kind'], location?: CodeLocation): LeadEvidence {
  const slope = { estimate, low: estimate * 0.9, high: estimate * 1.1 };
  return {
    kind,
    slope,
    describe: (share, booked = estimate) => `${kind}: ${booked / share} a cycle`,
    ...(location !== undefined && { location, stack: [location] }),
  };
}

function lead(shown: Readonly<Record<string, LeadEvidence>>, rate: number, holder?: Lead['holder']): Lead {
  return { evidence: new Map(Object.entries(shown)), rates: [rate], ...(holder !== undefined && { holder }) };
}

function finding(metric: string, slope: number, more: Partial<GrowthFinding> = {}): Finding {
  return {
    kind: 'growth',
    axis: 'cycle',
    metric,
    unit: metric === 'heapUsed' ? 'B' : metric,
    verdict: 'leak',
    shape: 'linear',
    slope: { estimate: slope, low: slope, high: slope, unit: `${metric}/cycle` },
    confidence: 0.99,
    budget: 0,
    detectionFloor: 0,
    first: 0,
    last: 1,
    rounds: 30,
    reason: '',
    ...more,
  };
}

const holder = { description: '`sessions` (Map)', path: ['sessions: Map'] };
const none: PassGrowth = { slopeOf: () => undefined, shareOf: () => 1 };

describe('leads that show one leak', () => {
  it('are one when they name one line: its growth is not counted twice', () => {
    const merged = mergeLeads([
      lead({ listeners: evidence(1, 'handle', at(10)) }, 1),
      lead({ heapUsed: evidence(500, 'retainer', at(10)), listeners: evidence(1, 'retainer', at(10)) }, 1, holder),
    ]);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.holder).toEqual(holder);
    expect(merged[0]?.evidence.get('listeners')?.slope.estimate).toBe(1);
    expect(merged[0]?.evidence.get('heapUsed')?.slope.estimate).toBe(500);
  });

  it('are one when the same function makes and keeps at the same rate', () => {
    const timer = lead({ timers: evidence(1, 'timer', at(10)) }, 1);
    expect(mergeLeads([timer, lead({ heapUsed: evidence(99, 'retainer', at(12)) }, 1.05, holder)])).toHaveLength(1);
    expect(mergeLeads([timer, lead({ heapUsed: evidence(99, 'retainer', at(12)) }, 3, holder)])).toHaveLength(2);
    expect(mergeLeads([timer, lead({ heapUsed: evidence(99, 'retainer', at(12, 'other')) }, 1, holder)])).toHaveLength(
      2,
    );
  });

  it('add up when two kinds of descriptors are opened at one line', () => {
    const [merged] = mergeLeads([
      lead({ fds: evidence(1, 'fd', at(3)) }, 1),
      lead({ fds: evidence(2, 'fd', at(3)) }, 2),
    ]);
    expect(merged?.evidence.get('fds')?.slope.estimate).toBe(3);
  });
});

describe('suspects', () => {
  it('say the amount that they have of the growth, where leads claim more than there is', () => {
    const claims = [
      lead({ heapUsed: evidence(75, 'retainer', at(1)) }, 1),
      lead({ heapUsed: evidence(25, 'retainer', at(9)) }, 2),
    ];
    const { suspects } = suspectsOf(claims, [finding('heapUsed', 80)], none);
    expect(suspects.map(({ description, perCycle }) => [description, perCycle.estimate])).toEqual([
      ['retainer: 60 a cycle', 60],
      ['retainer: 20 a cycle', 20],
    ]);
  });

  it('belong to the gravest finding that they show in, the largest share first', () => {
    const { suspects, explained } = suspectsOf(
      [
        lead({ heapUsed: evidence(20, 'retainer', at(1)) }, 1),
        lead({ fds: evidence(1, 'fd', at(2)) }, 1),
        lead({ heapUsed: evidence(75, 'retainer', at(3)) }, 1, holder),
      ],
      [finding('heapUsed', 100), finding('fds', 2, { operation: 'upload' })],
      none,
    );
    expect(suspects.map(({ metric, location, share }) => [metric, location?.line, share])).toEqual([
      ['heapUsed', 3, 0.75],
      ['heapUsed', 1, 0.2],
      ['fds', 2, 0.5],
    ]);
    expect(suspects[0]).toMatchObject({ holder, perCycle: { estimate: 75, unit: 'B/cycle' } });
    expect(suspects[2]).toMatchObject({ operation: 'upload', perCycle: { unit: 'fds/cycle' } });
    expect(explained).toEqual({ heapUsed: 0.95, fds: 0.5 });
  });

  it('grow per cycle of the operation that the finding names', () => {
    const leads = [lead({ fds: evidence(0.25, 'fd', at(1)) }, 1)];
    const { suspects, explained } = suspectsOf(leads, [finding('fds', 0.25, { operation: 'upload' })], {
      ...none,
      shareOf: () => 0.25,
    });
    expect(suspects[0]).toMatchObject({
      description: 'fd: 1 a cycle',
      operation: 'upload',
      perCycle: { estimate: 1 },
      share: 1,
    });
    expect(explained).toEqual({ fds: 1 });
  });

  it('belong to the next finding where they are hardly any of the gravest', () => {
    const leads = [lead({ heapUsed: evidence(1, 'retainer', at(1)), objects: evidence(9, 'retainer', at(1)) }, 1)];
    const { suspects } = suspectsOf(leads, [finding('heapUsed', 1_000), finding('objects', 10)], none);
    expect(suspects.map(({ metric, share }) => [metric, share])).toEqual([['objects', 0.9]]);
  });

  it('are not made of a small part of a finding whose largest part belongs to the gravest', () => {
    const leads = [
      lead({ heapUsed: evidence(900, 'retainer', at(1)), objects: evidence(9, 'retainer', at(1)) }, 1),
      lead({ heapUsed: evidence(1, 'retainer', at(2)), objects: evidence(0.5, 'retainer', at(2)) }, 1),
    ];
    const { suspects } = suspectsOf(leads, [finding('heapUsed', 1_000), finding('objects', 10)], none);
    expect(suspects.map(({ location }) => location?.line)).toEqual([1]);
  });

  it('are not made of what shows in no leaking metric, or hardly', () => {
    const leads = [
      lead({ timers: evidence(1, 'timer', at(1)) }, 1),
      lead({ heapUsed: evidence(1, 'retainer', at(2)) }, 1),
    ];
    expect(suspectsOf(leads, [finding('heapUsed', 100)], none).suspects).toEqual([]);
  });

  it('have a share of the growth in the attribution pass when time drives the finding', () => {
    const { suspects, explained } = suspectsOf(
      [lead({ heapUsed: evidence(30, 'retainer', at(1)) }, 1)],
      [finding('heapUsed', 5e6, { driver: 'time' })],
      { ...none, slopeOf: () => 40 },
    );
    expect(suspects[0]?.share).toBe(0.75);
    expect(explained).toEqual({ heapUsed: 0.75 });
  });
});

describe('shares of a leak that gets faster', () => {
  const leads = [lead({ heapUsed: evidence(500, 'retainer', at(1)) }, 1)];
  const accelerating = finding('heapUsed', 10_000, { shape: 'accelerating' });

  it('are shares of the growth in the attribution pass, which is at the beginning', () => {
    expect(suspectsOf(leads, [accelerating], { ...none, slopeOf: () => 520 }).explained).toEqual({ heapUsed: 0.962 });
  });

  it('are those of the judged growth where the pass saw none', () => {
    expect(suspectsOf(leads, [accelerating], { ...none, slopeOf: () => -3 }).explained).toEqual({ heapUsed: 0.05 });
    expect(suspectsOf(leads, [accelerating], none).explained).toEqual({ heapUsed: 0.05 });
  });
});

it('entries of a holder come as fast as when it was measured, where the pass worked off a backlog', () => {
  const capacity = { name: 'maxSize', entries: 60_000, entriesPerCycle: 11 };
  const log = { ...lead({ heapUsed: evidence(16_500, 'retainer', at(1)) }, 11, holder), capacity };
  const rateWith = (inPass: number | undefined) =>
    suspectsOf([log], [finding('heapUsed', 3_000)], { ...none, slopeOf: () => inPass }).bounded?.[0]?.entriesPerCycle;
  expect(rateWith(16_500)).toBe(2);
  expect([3_100, 1_000, undefined].map(rateWith)).toEqual([11, 11, 11]);
});

describe('tables that hold what grows', () => {
  const table = (tablesPerCycle: number) =>
    lead({ heapUsed: { ...evidence(80, 'retainer', at(10)), tablesPerCycle } }, 1);

  it('account for what is missing otherwise, and for no more', () => {
    expect(suspectsOf([table(40)], [finding('heapUsed', 100)], none)).toMatchObject({
      explained: { heapUsed: 1 },
      suspects: [{ share: 1, perCycle: { estimate: 100 } }],
    });
    expect(suspectsOf([table(40)], [finding('heapUsed', 80)], none).explained.heapUsed).toBe(1);
  });

  it('account for a doubling at most', () => {
    expect(suspectsOf([table(10)], [finding('heapUsed', 200)], none).explained.heapUsed).toBe(0.5);
  });
});

describe('leads that claim more than there is', () => {
  const fitting = lead({ heapUsed: evidence(280, 'retainer', at(10)), objects: evidence(3, 'retainer', at(10)) }, 1);
  const findings = [finding('heapUsed', 295), finding('objects', 3)];

  it('come last, with what the others leave, when one alone has more than all', () => {
    const filling = lead(
      { heapUsed: evidence(490, 'retainer', at(20)), objects: evidence(6, 'retainer', at(20)) },
      0.08,
    );
    const { suspects, explained } = suspectsOf([filling, fitting], findings, none);
    expect(suspects.map(({ location }) => location?.line)).toEqual([10]);
    expect(suspects[0]?.share).toBe(0.949);
    expect(explained).toEqual({ heapUsed: 1, objects: 1 });
  });

  it('come last when what was seen of their allocations does not keep up', () => {
    const settling = [163_872, 176_912, 175_456, 180_296, 180_988, 182_664];
    const grown = evidence(290, 'retainer', at(20));
    const series = settling.map((bytes, round): [number, number] => [560 + 118 * round, bytes]);
    const filling = lead({ heapUsed: { ...grown, series } }, 0.08);
    const growing = lead({ heapUsed: evidence(200, 'retainer', at(10)) }, 1);
    const { suspects, explained } = suspectsOf([filling, growing], [finding('heapUsed', 295)], none);
    expect(suspects.map(({ location, share }) => [location?.line, share])).toEqual([
      [10, 0.678],
      [20, 0.322],
    ]);
    expect(explained).toEqual({ heapUsed: 1 });
  });

  it('are none beside the one that has just what grows', () => {
    const intervals = lead({ timers: evidence(1, 'timer', at(10)) }, 1);
    const idle = lead({ timers: evidence(0.509, 'timer', at(20)) }, 0.509);
    const shownFor = (slope: number) =>
      suspectsOf([idle, intervals], [finding('timers', slope)], none).suspects.map(({ location }) => location?.line);
    expect(shownFor(1)).toEqual([10]);
    expect(shownFor(1.5)).toEqual([10, 20]);
  });

  it('begin with one that names a line and accounts for most of what grows, where the gravest names none', () => {
    const port = lead({ workerHeapUsed: evidence(1_100, 'retainer') }, 1, holder);
    const rest = lead({ workerHeapUsed: evidence(60, 'retainer', at(30)) }, 1);
    const shown = (bytes: number) =>
      suspectsOf(
        [port, rest, lead({ heapUsed: evidence(bytes, 'retainer', at(13)) }, 1)],
        [finding('workerHeapUsed', 1_200), finding('heapUsed', 840)],
        none,
      ).suspects.map(({ location }) => location?.line);
    expect(shown(830)[0]).toBe(13);
    expect(shown(300)[0]).toBeUndefined();
  });

  it('keep their order when nothing else accounts for the growth', () => {
    const small = lead({ heapUsed: evidence(50, 'retainer', at(30)) }, 1);
    const large = lead({ heapUsed: evidence(550, 'retainer', at(10)) }, 1);
    const { suspects, explained } = suspectsOf([small, large], [finding('heapUsed', 300)], none);
    expect(suspects.map(({ location, share }) => [location?.line, share])).toEqual([[10, 0.917]]);
    expect(explained).toEqual({ heapUsed: 1 });
  });
});
