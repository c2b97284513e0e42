import type { HistoryChange, HistoryEntry } from '../../model/history.js';
import { type KnownLeak, type News, newsKinds } from '../../model/news.js';
import { changeNews } from './change-news.js';
import { historySeries } from './history-changes.js';
import { type Known, knownOf } from './known-leaks.js';
import { changeText, commitText, nightText, problemText, seriesName, slopeText } from './news-sentences.js';
import {
  isFailing,
  type MetricState,
  type Night,
  nightsOf,
  type States,
  statesAfter,
  wholeRun,
} from './night-states.js';

export interface NewsSources {
  /** Everything before tonight, in any order; tonight's own runs in it are ignored. */
  readonly history: readonly HistoryEntry[];
  readonly tonight: readonly HistoryEntry[];
  /** Changes over history and tonight, see `historyChanges`. */
  readonly changes: readonly HistoryChange[];
  readonly knownLeaks?: readonly KnownLeak[];
  /** Why the night is void: nothing else is reported then. */
  readonly voidReason?: string;
  /** Nights in a row without a verdict before somebody is notified. @defaultValue 3 */
  readonly undecidedNights?: number;
  /** `2026-11-25`, to see whether a known leak has expired. */
  readonly today: string;
}

/** A slope must have risen by so much to be worse: intervals of the same leak differ a little from night to night. */
const worseFactor = 1.2;

/** What of a night is news, gravest first. Pure: the same nights make the same news. */
export function newsOf(sources: NewsSources): News[] {
  if (sources.voidReason !== undefined)
    return [{ kind: 'void', reported: true, message: `The night is void: ${sources.voidReason}`, metrics: [] }];
  const tonight = new Set(sources.tonight.map(({ run }) => run.runId));
  const earlier = sources.history.filter(({ run }) => !tonight.has(run.runId));
  return historySeries([...earlier, ...sources.tonight])
    .filter(({ entries }) => entries.some(({ run }) => tonight.has(run.runId)))
    .flatMap(({ entries }) => new SeriesNews(entries, tonight, sources).all())
    .map((news, index) => ({ news, index }))
    .sort(
      (one, other) =>
        Number(other.news.reported) - Number(one.news.reported) ||
        newsKinds.indexOf(one.news.kind) - newsKinds.indexOf(other.news.kind) ||
        one.index - other.index,
    )
    .map(({ news }) => news);
}

/** The news of one scenario and variant. */
class SeriesNews {
  private readonly night: Night;
  private readonly earlier: readonly Night[];
  private readonly before: States;
  private readonly after: States;

  constructor(
    entries: readonly HistoryEntry[],
    private readonly tonightRuns: ReadonlySet<string>,
    private readonly sources: NewsSources,
  ) {
    const nights = nightsOf(entries);
    const at = nights.findLastIndex(({ entry }) => tonightRuns.has(entry.run.runId));
    this.night = nights[at]!;
    this.earlier = nights.slice(0, at);
    let states: States = new Map();
    for (const night of this.earlier) states = statesAfter(states, night);
    this.before = states;
    this.after = statesAfter(states, this.night);
  }

  all(): News[] {
    return [...this.failing(), ...this.fixed(), ...this.undecided(), ...this.changes()];
  }

  /** Metrics that fail tonight, by what is news of them and by who knows of it already. */
  private failing(): News[] {
    const groups = new Map<string, { kind: News['kind']; known: Known | undefined; metrics: string[] }>();
    const ongoing = [...this.before.values()].some(({ state }) => state === 'failing');
    for (const metric of this.failingMetrics()) {
      const known = this.knownOf(metric);
      const kind = this.kindOf(metric, ongoing, known);
      const key = `${kind} ${known === undefined ? '' : this.sources.knownLeaks?.indexOf(known.leak)}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { kind, known, metrics: [metric] });
      else group.metrics.push(metric);
    }
    return [...groups.values()].map(({ kind, known, metrics }) => this.failingNews(kind, known, metrics));
  }

  /** In the order of the run record, gravest first. */
  private failingMetrics(): string[] {
    const { run, rows } = this.night.entry;
    if (run.verdict === 'crashed') return [wholeRun];
    return rows.filter(isFailing).map(({ metric }) => metric);
  }

  private kindOf(metric: string, ongoing: boolean, known: Known | undefined): News['kind'] {
    const [before, after] = [this.before.get(metric), this.after.get(metric)];
    const slope = after?.row?.slope;
    if (before?.state === 'failing') {
      if (known?.expiredTonight === true) return 'expired';
      const last = before.row?.slope?.estimate ?? Number.POSITIVE_INFINITY;
      const worse = slope !== undefined && slope.low > before.worst && slope.estimate > worseFactor * last;
      return worse ? 'worse' : 'still';
    }
    // One more metric of a scenario that leaks is most often the same leak, seen for the first time; unless it was sound.
    const wasSound = before?.state === 'sound' && slope !== undefined && slope.low > (before.row?.slope?.high ?? 0);
    return ongoing && metric !== wholeRun && !wasSound ? 'still' : 'new';
  }

  private failingNews(kind: News['kind'], known: Known | undefined, metrics: readonly string[]): News {
    const { run } = this.night.entry;
    const [before, after] = [this.before.get(metrics[0]!), this.after.get(metrics[0]!)!];
    const since = kind === 'new' ? undefined : this.since(metrics);
    const excused = known?.excused === true && kind !== 'worse';
    const slope = after.row?.slope;
    const slopeBefore = kind === 'worse' || kind === 'new' ? before?.row?.slope : undefined;
    const commitBefore = after.commitBefore;
    return {
      ...this.about(metrics),
      kind: excused && kind !== 'expired' ? 'still' : kind,
      reported: kind !== 'still' && !excused,
      message: this.failingMessage(kind, known, metrics, since),
      verdict: run.verdict,
      ...(slope && { slope }),
      ...(slopeBefore && { slopeBefore }),
      ...(kind === 'new' && commitBefore !== undefined && { commitBefore }),
      ...(since && { since }),
      ...(known && { known: known.leak }),
    };
  }

  private failingMessage(
    kind: News['kind'],
    known: Known | undefined,
    metrics: readonly string[],
    since: Night | MetricState['since'] | undefined,
  ): string {
    const state = this.after.get(metrics[0]!)!;
    const name = seriesName(this.night.entry.run);
    const problem = problemText(this.night.entry.run, metrics, state.row);
    const excuse = known === undefined ? '' : known.text;
    if (kind === 'new') {
      const again = this.earlier.length > 0 && state.commitBefore !== undefined;
      return `${name} ${problem}${again ? `, new with ${commitText(this.night.gitCommit)} (sound at ${commitText(state.commitBefore)})` : ', new'}${excuse}`;
    }
    const began = since === undefined ? '' : ` since ${nightText(since)}`;
    const before = this.before.get(metrics[0]!)?.row?.slope;
    if (kind === 'worse') return `${name} ${problem}, worse than ${slopeText(before)} before; leaking${began}${excuse}`;
    if (kind === 'expired') return `${name} ${problem}${began}${excuse}`;
    return `${name} ${problem}, as${began}${excuse}`;
  }

  /** When the first of some metrics began to fail. */
  private since(metrics: readonly string[]): MetricState['since'] | undefined {
    const failing = [...this.after.values()].filter(({ state }) => state === 'failing').map((state) => state.since);
    const own = metrics.map((metric) => this.before.get(metric)).filter((state) => state?.state === 'failing');
    const candidates = own.length > 0 ? own.map((state) => state!.since) : failing;
    return candidates.toSorted((one, other) => one.number - other.number)[0];
  }

  private fixed(): News[] {
    const fixed = [...this.before].filter(
      ([metric, { state }]) => state === 'failing' && this.after.get(metric)?.state === 'sound',
    );
    if (fixed.length === 0) return [];
    const since = fixed.map(([, state]) => state.since).toSorted((one, other) => one.number - other.number)[0]!;
    const remaining = [...this.after.values()].some(({ state }) => state === 'failing');
    const metrics = fixed.map(([metric]) => metric).filter((metric) => metric !== wholeRun);
    const commitBefore = fixed[0]![1].lastCommit;
    const leaking = metrics.length === 0 ? 'crashing' : 'failing';
    return [
      {
        ...this.about(metrics),
        kind: 'fixed',
        reported: true,
        message: `${seriesName(this.night.entry.run)} is ${remaining ? 'sound again in part' : 'sound again'}${metrics.length > 0 ? ` (${metrics.slice(0, 3).join(', ')})` : ''}, fixed with ${commitText(this.night.gitCommit)}; was ${leaking} since ${nightText(since)}`,
        ...(commitBefore !== undefined && { commitBefore }),
        since,
      },
    ];
  }

  /** Reported when it has lasted long enough, and again whenever it has lasted as long again. */
  private undecided(): News[] {
    const { run } = this.night.entry;
    if (run.verdict !== 'inconclusive') return [];
    const decided = this.earlier.findLastIndex(({ entry }) => entry.run.verdict !== 'inconclusive');
    const nights = this.earlier.length - decided;
    const enough = this.sources.undecidedNights ?? 3;
    const since = this.earlier[decided + 1] ?? this.night;
    const { entry: _entry, ...reference } = since;
    return [
      {
        ...this.about(
          this.night.entry.rows.filter(({ verdict }) => verdict === 'inconclusive').map(({ metric }) => metric),
        ),
        kind: 'undecided',
        reported: nights % enough === 0,
        message: `${seriesName(run)} is undecided for ${nights === 1 ? 'a night' : `${nights} nights`}: ${run.reason}`,
        since: reference,
      },
    ];
  }

  private changes(): News[] {
    const { scenario, variant } = this.night.entry.run;
    const own = this.sources.changes.filter((change) => change.scenario === scenario && change.variant === variant);
    const found = own.filter(({ foundRunId }) => this.tonightRuns.has(foundRunId));
    const numberOf = (runId: string) =>
      [...this.earlier, this.night].find(({ entry }) => entry.run.runId === runId)?.number ?? 0;
    return changeNews(found, this.after, numberOf).map(({ changes, goesWithLeak }) => {
      const [first] = changes;
      return {
        ...this.about([...new Set(changes.map(({ metric }) => metric))]),
        kind: 'change' as const,
        reported: !goesWithLeak,
        message: `${seriesName(first)} changed for good: ${changes.map(changeText).join('; ')}, with ${commitText(first.gitCommit)}${first.commitBefore === undefined || first.commitBefore === first.gitCommit ? '' : ` (after ${commitText(first.commitBefore)})`}${first.machineChanged ? '; the machine changed too' : ''}${goesWithLeak ? '; it goes with the leak' : ''}`,
        runId: first.runId,
        ...(first.gitCommit !== undefined && { gitCommit: first.gitCommit }),
        ...(first.commitBefore !== undefined && { commitBefore: first.commitBefore }),
        change: first,
      };
    });
  }

  private knownOf(metric: string): Known | undefined {
    return knownOf(this.sources.knownLeaks ?? [], {
      ...this.night.entry.run,
      metric,
      today: this.sources.today,
      lastNight: this.earlier.at(-1)?.startedAt.slice(0, 10),
    });
  }

  private about(metrics: readonly string[]) {
    const { scenario, variant, runId, gitCommit } = this.night.entry.run;
    const named = metrics.filter((metric) => metric !== wholeRun);
    return { scenario, variant, metrics: named, runId, ...(gitCommit !== undefined && { gitCommit }) };
  }
}
