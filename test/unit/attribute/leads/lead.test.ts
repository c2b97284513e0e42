import { describe, expect, it } from 'vitest';
import { mergeLeads } from '../../../../harness/attribute/leads/lead.js';
import { suspectsOf } from '../../../../harness/attribute/suspects.js';
import { at, evidence, finding, holder, lead, none } from '../../../support/leads.js';

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
