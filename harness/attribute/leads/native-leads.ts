import type { Finding } from '../../model/run-record.js';
import type { EvidenceRound } from '../evidence/attribution-session.js';
import { slopeOf } from '../evidence/slope.js';
import type { SourceLocator } from '../source/source-locator.js';
import { heldGrowth, type Lead, type LeadEvidence, type Wording } from './lead.js';
import { placeOf } from './lead-joins.js';

/** Memory that JavaScript does not see the whole of; the gravest first. */
const nativeMetrics = ['rss', 'pss', 'uss', 'external'];
/** Of the growth; below, the rest is memory that native code keeps. */
const explainedMin = 0.5;
/** Of all that the heap keeps; what has less need not be what native memory goes with. */
const shareOfHeldMin = 0.5;
/** Of the growth of the heap, where that leaks too. */
const shareOfHeapMin = 0.2;
/** Things a cycle; what comes less often is what a runtime does besides. */
export const rateMin = 0.05;

/**
 * Memory that neither the heap nor its buffers account for. It is one leak with what the heap keeps beside it, where
 * there is such: handles of Node and objects that native code wraps above all.
 */
export function attachNative(
  leaking: readonly Finding[],
  leads: readonly Lead[],
  rounds: readonly EvidenceRound[],
  locator: SourceLocator,
): Lead[] {
  let joined = [...leads];
  for (const metric of nativeMetrics) {
    const finding = leaking.find((candidate) => candidate.metric === metric);
    const inside = finding === undefined ? undefined : insideMetricOf(finding, leaking, leads, rounds);
    if (inside !== undefined) joined = joined.map((lead) => showSiteIn(metric, lead, inside));
    const rest = finding === undefined ? undefined : unexplained(finding, leads);
    if (finding === undefined || rest === undefined || !growsInPass(metric, rest.rest, rounds)) continue;
    const companion = companionOf(joined, leaking);
    const shown = evidenceOf(finding, rest, companion, allocatorsOf(rounds, rest.rest, locator));
    if (companion === undefined) joined.push({ evidence: new Map([[metric, shown]]), rates: [] });
    else joined[joined.indexOf(companion)] = { ...companion, evidence: new Map(companion.evidence).set(metric, shown) };
  }
  return joined;
}

/**
 * What shows in this pass alone and explains the pages: blocks that native code does not free, or live memory that could not
 * be read while the target was measured, as that of sessions of a PostgreSQL server whose log is left alone at floors.
 */
function insideMetricOf(
  finding: Finding,
  leaking: readonly Finding[],
  leads: readonly Lead[],
  rounds: readonly EvidenceRound[],
): 'nativeUsed' | 'heapUsed' | undefined {
  const withoutAny = (metric: string) => leads.filter(({ evidence }) => !evidence.has(metric));
  if (unexplained(finding, withoutAny('nativeUsed')) !== undefined) {
    if (leads.some(({ evidence }) => evidence.has('nativeUsed'))) return 'nativeUsed';
    return undefined;
  }
  // The agent of Node measures the heap in both passes.
  const isMeasured = leaking.some(({ metric }) => metric === 'heapUsed') || rounds.every(({ runtime }) => !runtime);
  return !isMeasured && unexplained(finding, withoutAny('heapUsed')) !== undefined ? 'heapUsed' : undefined;
}

function showSiteIn(metric: string, lead: Lead, inside: string): Lead {
  const site = lead.evidence.get(inside);
  if (site === undefined || lead.evidence.has(metric)) return lead;
  return { ...lead, evidence: new Map(lead.evidence).set(metric, site) };
}

function unexplained({ metric, slope }: Finding, leads: readonly Lead[]): { rest: number; known: number } | undefined {
  const sumOf = (name: string) =>
    leads.reduce((sum, { evidence }) => sum + (evidence.get(name)?.slope.estimate ?? 0), 0);
  const known = sumOf('external') + (metric === 'external' ? 0 : sumOf('heapUsed') + sumOf('nativeUsed'));
  if (slope.estimate <= 0 || known >= explainedMin * slope.estimate) return undefined;
  return { rest: slope.estimate - known, known };
}

/** External memory is known to the byte; resident memory also goes up and down with the instruments of this pass. */
function growsInPass(metric: string, rest: number, rounds: readonly EvidenceRound[]): boolean {
  if (metric !== 'external') return true;
  const slope = slopeOf(rounds.map(({ cycles, values }) => [cycles, values[metric] ?? 0]));
  return slope !== undefined && slope.estimate >= explainedMin * rest;
}

/** The lead that pages come with: what keeps pages of its own, else what native code holds, else what has most of what is kept. */
export function companionOf(leads: readonly Lead[], findings: readonly Finding[]): Lead | undefined {
  const heap = findings.find(({ metric }) => metric === 'heapUsed')?.slope.estimate ?? 0;
  const held = leads.filter(
    (lead) =>
      lead.holder !== undefined &&
      placeOf(lead) !== undefined &&
      lead.rates.some((rate) => rate >= rateMin) &&
      heldGrowth(lead) >= shareOfHeapMin * heap,
  );
  const total = held.reduce((sum, lead) => sum + heldGrowth(lead), 0);
  const withPages = leads.find((lead) => lead.keepsPages && placeOf(lead) !== undefined);
  const byNative = withPages ?? held.find(({ holder }) => /^`(?:native code|open handles)`/.test(holder!.description));
  return byNative ?? held.find((lead) => heldGrowth(lead) >= shareOfHeldMin * total);
}

function evidenceOf(
  { slope, axis }: Finding,
  { rest, known }: { rest: number; known: number },
  companion: Lead | undefined,
  { runtime, outside, code }: Allocators,
): LeadEvidence {
  const margin = (slope.high - slope.low) / 2;
  const place = companion === undefined ? undefined : placeOf(companion);
  const describe: Wording = (share, booked = rest) => {
    if (place !== undefined) return `${outside} grows. ${place.describe(share)}`;
    const rate = (bytes: number) => `${Math.round(bytes / share)} B ${axis === 'hour' ? 'an hour' : 'a cycle'}`;
    const accounted = runtime === undefined ? '' : `; ${runtime} account for ${rate(known)}: ${code}`;
    return `${outside} grows by ${rate(booked)}${accounted}`;
  };
  return {
    ...place,
    kind: 'allocation-site',
    slope: { estimate: rest, low: rest - margin, high: rest + margin },
    describe,
  };
}

interface Allocators {
  /** What is known to hold memory, in the plural; absent where nothing looks into the target. */
  readonly runtime: string | undefined;
  /** The memory that is left. */
  readonly outside: string;
  /** What else holds it, or may. */
  readonly code: string;
}

function allocatorsOf(rounds: readonly EvidenceRound[], rest: number, locator: SourceLocator): Allocators {
  const kept = keptByAllocator(rounds, rest);
  if (rounds.some(({ resources }) => resources !== undefined)) {
    const addons = addonsOf(rounds, locator);
    const native = addons.length === 0 ? 'native code' : `native code (${addons.join(', ')})`;
    const code = kept ?? `${native}, ${unknownKeeper}`;
    return { runtime: 'the V8 heap and ArrayBuffers', outside: 'Memory outside JavaScript', code };
  }
  if (rounds.some(({ runtime }) => runtime !== undefined)) {
    const runtime = 'the places where live memory was allocated';
    const code = kept ?? `native code, ${unknownKeeper}`;
    return { runtime, outside: 'Memory that the target has from the system', code };
  }
  return { runtime: undefined, outside: 'Memory of the target', code: 'native code' };
}

const unknownKeeper = 'or an allocator that keeps what it was given back';

/** The allocator itself, where it was counted and the program has given back what it was given, or most of that. */
function keptByAllocator(rounds: readonly EvidenceRound[], rest: number): string | undefined {
  const counted = rounds.flatMap(({ cycles, runtime }) =>
    runtime?.allocator === undefined ? [] : [{ cycles, ...runtime.allocator }],
  );
  const [first, last] = [counted[0], counted.at(-1)];
  if (first === undefined || last === undefined || last.cycles === first.cycles) return undefined;
  const live = last.liveBytes - first.liveBytes;
  if (live / (last.cycles - first.cycles) >= explainedMin * rest) return undefined;
  const allocated = last.allocatedBytes - first.allocatedBytes;
  const freed = Math.min(allocated, allocated - live);
  if (freed / (last.cycles - first.cycles) < explainedMin * rest) return undefined;
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  return `the allocator, which keeps pages although the program freed ${mebibytes(freed)} of the ${mebibytes(allocated)} MiB that it allocated meanwhile`;
}

/** Packages of the addons that the target has loaded. */
function addonsOf(rounds: readonly EvidenceRound[], locator: SourceLocator): string[] {
  const files = rounds.at(-1)?.outside?.addons ?? [];
  const names = files.map((file) => {
    const name = locator.shortFile(file);
    return name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/');
  });
  return [...new Set(names)];
}
