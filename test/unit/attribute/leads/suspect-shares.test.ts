import { describe, expect, it } from 'vitest';
import { suspectsOf } from '../../../../harness/attribute/suspects.js';
import { at, evidence, finding, holder, lead, none } from '../../../support/leads.js';

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
  expect(rateWith(6_100)).toBeCloseTo(5.41, 2);
  expect([5_900, 1_000, undefined].map(rateWith)).toEqual([11, 11, 11]);
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
