import { addSlopes, haveSimilarSize } from '../evidence/slope.js';
import { haveSameRate, heldGrowth, type Lead, type LeadEvidence, type Wording } from './lead.js';

/** How far the rate of one thing may be from a whole multiple of another's to belong to it. */
const rateTolerance = 0.15;
/**
 * How many of them one object wraps, by the metric that counts them: a database has its log and an index of it besides,
 * a prepared statement some blocks of memory, an instance of DuckDB nine threads.
 */
const wrappedMax: Readonly<Record<string, number>> = { fds: 4, nativeUsed: 16, threads: 16 };

/** Descriptors that nobody in JavaScript opened belong to the workers and child processes that come with them. */
export function attachDescriptors(leads: readonly Lead[]): Lead[] {
  const owner = leads.find(({ evidence }) => evidence.has('threads') || evidence.has('children'));
  const ownerRate = (owner?.evidence.get('threads') ?? owner?.evidence.get('children'))?.slope.estimate;
  if (owner === undefined || ownerRate === undefined) return [...leads];
  const belongs = (lead: Lead) =>
    lead !== owner &&
    lead.evidence.has('fds') &&
    hasNoPlace(lead) &&
    lead.rates.some((rate) => isMultiple(rate, ownerRate));
  const attached = leads.filter(belongs);
  const evidence = new Map(owner.evidence);
  const place = owner.evidence.values().next().value!;
  for (const lead of attached) {
    for (const [metric, shown] of lead.evidence) {
      const before = evidence.get(metric)?.slope;
      evidence.set(metric, { ...place, slope: before === undefined ? shown.slope : addSlopes(before, shown.slope) });
    }
  }
  return leads.filter((lead) => !belongs(lead)).map((lead) => (lead === owner ? { ...owner, evidence } : lead));
}

/** What JavaScript opens is opened by the C library in the end: where both show it, the one with the line counts. */
export function withoutSecondViews(leads: readonly Lead[]): Lead[] {
  const isShownWithPlace = (metric: string, { slope }: LeadEvidence) =>
    leads.some(({ evidence }) => {
      const shown = evidence.get(metric);
      return shown?.location !== undefined && haveSimilarSize(shown.slope.estimate, slope.estimate);
    });
  return leads.filter(
    (lead) => !hasNoPlace(lead) || ![...lead.evidence].every(([metric, shown]) => isShownWithPlace(metric, shown)),
  );
}

/**
 * Descriptors that native code opened, memory that it took and threads that it started come with the objects that wrap them: a database, a
 * watcher, a prepared statement. What the heap keeps at the same rate says where, and who holds it.
 */
export function attachWrapped(leads: readonly Lead[]): Lead[] {
  const foreign = new Map(leads.flatMap(foreignOf));
  const others = leads.filter((lead) => !foreign.has(lead));
  const wrapped = new Map<Lead, Lead[]>();
  const alone: Lead[] = [];
  for (const [native, metric] of foreign) {
    const wrapper = wrapperOf(native, metric, others);
    if (wrapper === undefined) alone.push(native);
    else wrapped.set(wrapper, [...(wrapped.get(wrapper) ?? []), native]);
  }
  return [...others.map((lead) => (wrapped.get(lead) ?? []).reduce(withNative, lead)), ...alone];
}

/** A lead of what native code has and nobody in JavaScript made, with the metric that counts it; none for others. */
function foreignOf(lead: Lead): (readonly [Lead, string])[] {
  const metric = Object.keys(wrappedMax).find((name) => lead.evidence.has(name));
  return metric === undefined || lead.holder !== undefined || !hasNoPlace(lead) ? [] : [[lead, metric]];
}

/** What keeps most, of all that comes at the same rate. */
function wrapperOf(native: Lead, metric: string, leads: readonly Lead[]): Lead | undefined {
  return leads
    .filter(
      (lead) =>
        lead.holder !== undefined &&
        placeOf(lead) !== undefined &&
        !lead.evidence.has(metric) &&
        native.rates.some((rate) =>
          lead.rates.some((wrapped) => isMultiple(rate, wrapped) && rate < (wrappedMax[metric]! + 1) * wrapped),
        ),
    )
    .sort((one, other) => heldGrowth(other) - heldGrowth(one))[0];
}

function withNative(wrapper: Lead, native: Lead): Lead {
  const evidence = new Map(wrapper.evidence);
  const place = placeOf(wrapper)!;
  for (const [metric, shown] of native.evidence) {
    const before = evidence.get(metric);
    const describe: Wording = (share, booked) =>
      `${shown.describe(share, booked)}. They come with what grows at that rate: ${place.describe(share)}`;
    const joined = before ?? { ...place, ...shown, describe };
    const slope = before === undefined ? shown.slope : addSlopes(before.slope, shown.slope);
    evidence.set(metric, { ...joined, slope });
  }
  return { ...wrapper, evidence };
}

function hasNoPlace({ evidence }: Lead): boolean {
  return [...evidence.values()].every(({ location }) => location === undefined);
}

export function placeOf({ evidence }: Lead): LeadEvidence | undefined {
  return [...evidence.values()].find(({ location }) => location !== undefined);
}

/** A rate is another one, or a whole number of times it. */
export function isMultiple(rate: number, of: number): boolean {
  const times = rate / of;
  return times > 1 - rateTolerance && Math.abs(times - Math.round(times)) < rateTolerance;
}

/** What the kernel alone shows is dropped where the target's own readings show the same with a place. */
export function preferLeadsWithPlace(inside: readonly Lead[], outside: readonly Lead[]): Lead[] {
  const shown = new Set(inside.flatMap(({ evidence }) => [...evidence.keys()]));
  return [...inside, ...outside.filter(({ evidence }) => ![...evidence.keys()].some((metric) => shown.has(metric)))];
}

/**
 * A gauge that counts what a lead keeps is evidence of that lead: it grows at the same rate, or its name is among those
 * of the holder, or there is hardly anything else that is kept.
 */
export function attachGauges(leads: readonly Lead[], gauges: readonly Lead[]): Lead[] {
  const joined = [...leads];
  for (const gauge of gauges) {
    const [metric, shown] = gauge.evidence.entries().next().value!;
    const kept = joined.reduce((sum, lead) => sum + heldGrowth(lead), 0);
    const scored = joined
      .filter(({ holder }) => holder !== undefined)
      .map((lead) => ({ lead, score: likeness(lead, gauge, metric) + heldGrowth(lead) / Math.max(1, kept) }))
      .sort((a, b) => b.score - a.score);
    const best = scored[0];
    if (best === undefined || best.score < likenessMin) joined.push(gauge);
    else {
      const { lead } = best;
      joined[joined.indexOf(lead)] = {
        ...lead,
        evidence: new Map(lead.evidence).set(metric, withPlace(metric, shown, lead)),
      };
    }
  }
  return joined;
}

/** A lead that has most of the growth is like enough by that alone. */
const likenessMin = 0.6;

function likeness(lead: Lead, gauge: Lead, metric: string): number {
  const words = metric
    .slice('gauge.'.length)
    .split(/(?=[A-Z])|[^\p{L}\p{N}]+/u)
    .map(stem)
    .filter((word) => word.length > 2);
  const path = lead.holder!.path.at(-1)!.toLowerCase();
  const named = words.filter((word) => path.includes(word)).length / Math.max(1, words.length);
  return (haveSameRate(lead, gauge) ? 1 : 0) + 1.5 * named;
}

/** `cachedSchemas` is kept in `#schemas`, `postings` in `#postings`, `entries` in `entryById`. */
function stem(word: string): string {
  return word.toLowerCase().replace(/(ies|es|s)$/, '');
}

function withPlace(metric: string, gauge: LeadEvidence, lead: Lead): LeadEvidence {
  const place = placeOf(lead);
  if (place === undefined) return gauge;
  return {
    ...place,
    kind: 'gauge',
    slope: gauge.slope,
    describe: (share) => `${place.describe(share)}; \`${metric.slice('gauge.'.length)}\` counts them`,
  };
}
