import { describe, expect, it } from 'vitest';
import { historyChanges } from '../../../../harness/analyse/nights/history-changes.js';
import { type NewsSources, newsOf } from '../../../../harness/analyse/nights/news.js';
import type { HistoryEntry } from '../../../../harness/model/history.js';
import type { KnownLeak, News } from '../../../../harness/model/news.js';
import { commitOf, dayOf, type NightPlan, nightEntry } from '../../../support/nights.js';

type KnownSources = Pick<NewsSources, 'knownLeaks' | 'undecidedNights'>;

/** News of nights 1, 2, 3, ... as a suite would get them, each with the nights before it. */
function newsByNight(plans: readonly (readonly NightPlan[])[], sources: KnownSources = {}): News[][] {
  const history: HistoryEntry[] = [];
  return plans.map((night) => {
    const tonight = night.map(nightEntry);
    const news = newsOf({
      ...sources,
      history,
      tonight,
      changes: historyChanges([...history, ...tonight]),
      today: tonight[0]!.run.startedAt.slice(0, 10),
    });
    history.push(...tonight);
    return news;
  });
}

function eachNight(count: number, plan: (number: number) => Omit<NightPlan, 'number'>): NightPlan[][] {
  return Array.from({ length: count }, (_, index) => [{ number: index + 1, ...plan(index + 1) }]);
}

const kinds = (news: readonly News[]) => news.map(({ kind }) => kind);
const reported = (news: readonly News[]) => news.filter((one) => one.reported);

describe('newsOf', () => {
  it('shows a leak once, with its commit, and not before it is there', () => {
    const nights = newsByNight(
      eachNight(12, (night) => ({ gaugeSlope: night >= 6 ? 1 : 0, heapSlope: night >= 6 ? 160 : 0 })),
    );
    expect(nights.slice(0, 5).flat()).toEqual([]);
    expect(nights[5]).toMatchObject([
      {
        kind: 'new',
        reported: true,
        scenario: 'shop/carts',
        verdict: 'leak',
        metrics: ['gauge.carts', 'heapUsed'],
        gitCommit: commitOf(6),
        commitBefore: commitOf(5),
      },
    ]);
    expect(nights[5]![0]!.message).toBe(
      'shop/carts leaks gauge.carts by 1 entry a cycle (and heapUsed), new with commit 0006c0f (sound at commit 0005c0f)',
    );
    expect(nights.slice(6).flatMap(reported)).toEqual([]);
    for (const night of nights.slice(6)) {
      const [still] = night.filter(({ kind }) => kind === 'still');
      expect(still).toMatchObject({ since: { number: 6, night: dayOf(6), gitCommit: commitOf(6) } });
      expect(still!.message).toContain('as since night 6 (2026-03-06, commit 0006c0f)');
    }
  });

  it('finds a leak that is too small for a night within three', () => {
    const nights = newsByNight(
      eachNight(12, (night) => ({ heapSlope: night >= 6 ? 5 : 0 })),
      { undecidedNights: 99 },
    );
    const changes = nights.flatMap((news, index) => reported(news).map((one) => ({ night: index + 1, one })));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      night: 8,
      one: {
        kind: 'change',
        metrics: ['heapUsed'],
        gitCommit: commitOf(6),
        commitBefore: commitOf(5),
        change: { quantity: 'slope', night: dayOf(6), unit: 'B/cycle' },
      },
    });
    expect(changes[0]!.one.message).toMatch(/^shop\/carts changed for good: slope of heapUsed from .* B a cycle to/);
  });

  it('shows of what is fixed, and of what comes back', () => {
    const nights = newsByNight(
      eachNight(6, (night) => ({ gaugeSlope: night === 2 || night === 3 || night === 6 ? 1 : 0 })),
    );
    expect(nights.map(kinds)).toEqual([[], ['new'], ['still'], ['fixed'], [], ['new']]);
    expect(nights[3]![0]).toMatchObject({ reported: true, since: { number: 2 }, commitBefore: commitOf(3) });
    expect(nights[3]![0]!.message).toContain('fixed with commit 0004c0f; was failing since night 2');
  });

  it('shows when a leak becomes worse', () => {
    const nights = newsByNight(eachNight(5, (night) => ({ gaugeSlope: night >= 4 ? 3 : night >= 2 ? 1 : 0 })));
    expect(nights.map(kinds)).toEqual([[], ['new'], ['still'], ['worse'], ['still']]);
    expect(nights[3]![0]).toMatchObject({ slope: { estimate: 3 }, slopeBefore: { estimate: 1 }, since: { number: 2 } });
    expect(nights[3]![0]!.message).toMatch(/worse than 1 entry a cycle before; leaking since night 2/);
  });

  it('takes a second leak for news where the metric was sound', () => {
    const nights = newsByNight(
      eachNight(4, (night) => ({ gaugeSlope: night >= 2 ? 1 : 0, heapSlope: night >= 4 ? 400 : 0 })),
    );
    expect(nights[3]!.filter(({ kind }) => kind === 'new')).toMatchObject([{ metrics: ['heapUsed'], reported: true }]);
    expect(nights[3]!.filter(({ kind }) => kind === 'still')).toMatchObject([{ metrics: ['gauge.carts'] }]);
  });

  it('does not take a night that decided nothing for a fix, and shows when there are many', () => {
    const short = { floors: 4, cyclesPerRound: 20 };
    const nights = newsByNight(
      eachNight(9, (night) => (night === 2 ? { gaugeSlope: 1 } : night >= 3 && night <= 8 ? short : {})),
    );
    expect(nights.map((news) => reported(news).map(({ kind }) => kind))).toEqual([
      [],
      ['new'],
      [],
      [],
      ['undecided'],
      [],
      [],
      ['undecided'],
      ['fixed'],
    ]);
    expect(nights[4]![0]).toMatchObject({ since: { number: 3 } });
    expect(nights[4]![0]!.message).toMatch(/is undecided for 3 nights: /);
  });

  it('shows of a crash and of its end', () => {
    const nights = newsByNight(
      eachNight(3, (night) => (night === 2 ? { crashed: 'The target ended with exit code 134.' } : {})),
    );
    expect(nights.map(kinds)).toEqual([[], ['new'], ['fixed']]);
    expect(nights[1]![0]).toMatchObject({ verdict: 'crashed', metrics: [] });
    expect(nights[1]![0]!.message).toMatch(/^shop\/carts crashes: .*new with commit 0002c0f/);
  });

  it('keeps a known leak to itself until it expires or becomes worse', () => {
    const known: KnownLeak = {
      scenario: 'shop/carts',
      metric: 'gauge.*',
      owner: 'ada',
      note: 'waits for the new cart',
      expires: dayOf(3),
    };
    const leaking = eachNight(6, (night) => ({ gaugeSlope: night === 6 ? 3 : 1 }));
    const nights = newsByNight(leaking, { knownLeaks: [known] });
    expect(nights.map((news) => reported(news).map(({ kind }) => kind))).toEqual([
      [],
      [],
      [],
      ['expired'],
      [],
      ['worse'],
    ]);
    expect(nights[0]).toMatchObject([{ kind: 'still', known: { owner: 'ada' } }]);
    expect(nights[0]![0]!.message).toContain('(known to ada until 2026-03-03, waits for the new cart)');
    expect(nights[3]![0]!.message).toContain('ada knew of it until 2026-03-03, which has passed');
  });

  it('excuses only the scenario, variant and metric that a known leak names', () => {
    const known = { scenario: 'shop/carts', variant: 'ws', owner: 'ada', expires: '2026-12-31' };
    const night = (knownLeak: KnownLeak, plan: Partial<NightPlan>) =>
      newsByNight([[{ number: 1, gaugeSlope: 1, ...plan }]], { knownLeaks: [knownLeak] })[0]!.map(
        (one) => one.reported,
      );
    expect(night(known, { variant: 'ws' })).toEqual([false]);
    expect(night(known, { variant: 'http' })).toEqual([true]);
    expect(night({ ...known, metric: 'fds' }, { variant: 'ws' })).toEqual([true]);
  });

  it('keeps variants and scenarios apart', () => {
    const nights = newsByNight(
      [1, 2].map((number) => [
        { number, variant: 'ws', gaugeSlope: number === 2 ? 1 : 0 },
        { number, scenario: 'shop/search' },
        { number },
      ]),
    );
    expect(nights[0]).toEqual([]);
    expect(nights[1]).toMatchObject([{ kind: 'new', scenario: 'shop/carts', variant: 'ws' }]);
    expect(nights[1]).toHaveLength(1);
  });

  it('has nothing else to say of a void night', () => {
    const tonight = [nightEntry({ number: 1, gaugeSlope: 1 })];
    expect(
      newsOf({ history: [], tonight, changes: [], today: dayOf(1), voidReason: 'the planted leak was not found' }),
    ).toEqual([
      { kind: 'void', reported: true, message: 'The night is void: the planted leak was not found', metrics: [] },
    ]);
  });

  it('takes of several runs in a night the one that says most', () => {
    const again = (id: string, plan: NightPlan) =>
      nightEntry({ ...plan, manifest: { id, startedAt: `${dayOf(1)}T0${id}:00:00.000Z` } });
    const tonight = [
      again('3', { number: 1, gaugeSlope: 1 }),
      again('4', { number: 1 }),
      again('2', { number: 1, floors: 4, cyclesPerRound: 20 }),
    ];
    expect(newsOf({ history: [], tonight, changes: [], today: dayOf(1) })).toMatchObject([{ kind: 'new', runId: '3' }]);
  });
});
