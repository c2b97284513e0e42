import { join } from 'node:path';
import { historyChanges } from '../../analyse/nights/history-changes.js';
import { knownOf } from '../../analyse/nights/known-leaks.js';
import { newsOf } from '../../analyse/nights/news.js';
import { gravestExitCode } from '../../model/exit-codes.js';
import { type HistoryEntry, seriesVariant } from '../../model/history.js';
import type { KnownLeak, News } from '../../model/news.js';
import type { NightEntryPlan, NightEntryRecord, NightRecord } from '../../model/night.js';
import type { RunRecord } from '../../model/run-record.js';
import { thrownMessage } from '../../model/thrown.js';
import { gravest, type RunVerdict } from '../../model/verdict.js';
import { countOfEach } from '../../platform/count-of-each.js';
import { loadRun, readRunRecord } from '../../store/load-run.js';
import { runsDirectory } from '../../store/run-layout.js';
import { outcomesOf } from './canaries.js';
import { addToHistory, readHistory } from './keep-history.js';
import { type CountedAttempt, isRecord, type NightState, runsOfNight } from './night-state.js';
import type { OpenNight } from './open-night.js';

export interface FinishSettings {
  readonly outDirectory: string;
  readonly knownLeaks: readonly KnownLeak[];
  readonly undecidedNights?: number;
  readonly voidReason: string | undefined;
  readonly warnings: readonly string[];
  /** ISO time of the end. */
  readonly endedAt: string;
}

/** What a night says, once all its runs are over. */
export interface FinishedNight {
  readonly record: NightRecord;
  /** Of the runs that count, in the order of the plan. */
  readonly runs: readonly RunRecord[];
}

const badVerdicts: ReadonlySet<string> = new Set(['leak', 'stalled', 'refusing', 'spinning']);

/** Judges a night: what each entry came to, what of it is news, and the exit code. */
export async function finishNight(
  night: OpenNight,
  state: NightState,
  settings: FinishSettings,
): Promise<FinishedNight> {
  const { plan } = night;
  const { voidReason, knownLeaks } = settings;
  const today = settings.endedAt.slice(0, 10);
  const entries = voidReason === undefined ? plan.entries : [];
  const judged = entries.map((entry) => entryRecord(entry, state.of(entry.name), knownLeaks, today));
  const runs = entries.flatMap(({ name }) => lastRecord(state.of(name)) ?? []);
  const warnings = [...settings.warnings];
  if (plan.canaries === 0) warnings.push('no canaries: nothing shows that this night would have found a leak');
  const news = await newsOfNight(night, runs, judged, settings, today, (warning) => warnings.push(warning));
  const records = judged.map((entry) => (entry.known && gotWorse(entry, news) ? { ...entry, known: false } : entry));
  const verdict = voidReason === undefined ? nightVerdict(records) : 'void';
  const record: NightRecord = {
    schemaVersion: 1,
    id: plan.id,
    startedAt: plan.startedAt,
    endedAt: settings.endedAt,
    command: plan.command,
    environment: plan.environment,
    ...(plan.shard !== undefined && { shard: plan.shard }),
    ...(plan.only !== undefined && { only: plan.only }),
    budgetMs: plan.budgetMs,
    spentMs: night.elapsedMs,
    resumed: night.resumed,
    verdict,
    exitCode: verdict === 'void' ? 4 : gravestExitCode(records.map((entry) => (entry.known ? 0 : entry.exitCode))),
    reason: voidReason ?? reasonOf(records),
    canaries: outcomesOf(night),
    entries: records,
    news,
    warnings,
  };
  return { record, runs };
}

function lastRecord(attempts: readonly CountedAttempt[]): RunRecord | undefined {
  const last = attempts.at(-1)?.outcome;
  return last !== undefined && isRecord(last) ? last : undefined;
}

function entryRecord(
  { name, scenario, variant, defects }: NightEntryPlan,
  attempts: readonly CountedAttempt[],
  knownLeaks: readonly KnownLeak[],
  today: string,
): NightEntryRecord {
  const outcome = attempts.at(-1)?.outcome;
  const spentMs = attempts.reduce(
    (sum, attempt) => sum + (isRecord(attempt.outcome) ? spentOn(attempt.outcome) : 0),
    0,
  );
  const shared = {
    name,
    scenario,
    ...(variant !== undefined && { variant }),
    defects,
    spentMs,
    attempts: attempts.length,
  };
  if (outcome === undefined || !isRecord(outcome)) {
    const failed = outcome !== undefined;
    return {
      ...shared,
      verdict: failed ? 'crashed' : 'inconclusive',
      exitCode: failed ? outcome.exitCode : 2,
      reason: failed ? outcome.message : 'not run: no time left',
      leaking: [],
      known: false,
      cycles: 0,
    };
  }
  const leaking = outcome.findings.filter(({ verdict }) => badVerdicts.has(verdict)).map(({ metric }) => metric);
  const series = { scenario, variant: seriesVariant({ variant, defects }) };
  const suspect = outcome.suspects.find(({ location }) => location !== undefined) ?? outcome.suspects[0];
  const location = suspect?.calledFrom ?? suspect?.location;
  return {
    ...shared,
    run: outcome.id,
    verdict: outcome.verdict,
    exitCode: outcome.exitCode,
    reason: outcome.reason,
    leaking,
    known:
      badVerdicts.has(outcome.verdict) &&
      leaking.length > 0 &&
      leaking.every(
        (metric) => knownOf(knownLeaks, { ...series, metric, today, lastNight: undefined })?.excused === true,
      ),
    ...(location !== undefined && { location }),
    ...(suspect !== undefined && { suspect: suspect.description }),
    cycles: outcome.counts.cycles,
    rerun: outcome.rerun,
  };
}

function spentOn({ startedAt, endedAt }: RunRecord): number {
  return Math.max(0, Date.parse(endedAt) - Date.parse(startedAt));
}

/** What was accepted is the leak as it was. */
function gotWorse(entry: NightEntryRecord, news: readonly News[]): boolean {
  const variant = seriesVariant(entry);
  return news.some((one) => one.kind === 'worse' && one.scenario === entry.scenario && one.variant === variant);
}

/** A leak that somebody has accepted does not decide before its last day is over, unless it gets worse. */
function nightVerdict(entries: readonly NightEntryRecord[]): RunVerdict {
  return gravest(entries.map(({ known, verdict }) => (known ? 'plateau' : verdict)));
}

function reasonOf(entries: readonly NightEntryRecord[]): string {
  const words = entries.map(({ known, verdict, attempts }) =>
    attempts === 0 ? 'not run' : known ? 'known to leak' : verdict,
  );
  const parts = [...countOfEach(words)].map(([word, count]) => `${count} ${word}`);
  return `${entries.length} ${entries.length === 1 ? 'scenario' : 'scenarios'}: ${parts.join(', ')}`;
}

async function newsOfNight(
  { plan }: OpenNight,
  runs: readonly RunRecord[],
  entries: readonly NightEntryRecord[],
  { outDirectory, knownLeaks, undecidedNights, voidReason }: FinishSettings,
  today: string,
  warn: (warning: string) => void,
): Promise<News[]> {
  let tonight: HistoryEntry[] = [];
  let history: HistoryEntry[] = [];
  try {
    tonight = await addRuns(plan.id, runs, outDirectory);
    history = await readHistory(outDirectory);
  } catch (error) {
    warn(`history could not be kept: ${thrownMessage(error)}`);
  }
  const earlier = history.filter(({ run }) => run.night !== plan.id);
  const news = newsOf({
    history: earlier,
    tonight,
    changes: historyChanges([...earlier, ...tonight]),
    knownLeaks,
    today,
    ...(voidReason !== undefined && { voidReason }),
    ...(undecidedNights !== undefined && { undecidedNights }),
  });
  // What left no run is in no history.
  const failures = entries.filter(({ run }) => run === undefined).map(newsWithoutRun);
  return [...failures, ...news];
}

/**
 * Every judged run of the night adds itself when it ends; what a crash kept from it is made good here.
 * @returns the entries of the runs that count
 */
async function addRuns(night: string, counted: readonly RunRecord[], outDirectory: string): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  for (const { id } of await runsOfNight(night, outDirectory)) {
    const directory = join(runsDirectory(outDirectory), id);
    const record = counted.find((run) => run.id === id) ?? (await readRunRecord(directory));
    if (record === undefined) continue;
    const entry = await addToHistory(outDirectory, await loadRun(directory), record);
    if (entry !== undefined && counted.includes(record)) entries.push(entry);
  }
  return entries;
}

/** A scenario that was not looked at tonight is news: nobody knows whether it still is as it was. */
function newsWithoutRun({ name, scenario, variant, defects, reason, attempts, verdict }: NightEntryRecord): News {
  const [first] = reason.split('\n', 1);
  return {
    kind: attempts > 0 ? 'new' : 'undecided',
    reported: true,
    message: attempts > 0 ? `${name} could not be run: ${first}` : `${name} did not run: no time was left in the night`,
    metrics: [],
    verdict,
    scenario,
    variant: seriesVariant({ variant, defects }),
  };
}
