import type { Finding } from '../model/run-record.js';
import { heldGrowth, type Lead, type LeadEvidence } from './lead.js';
import type { EvidenceRound } from './session.js';
import type { SourceLocator } from './source-locator.js';

/** Memory that JavaScript does not see the whole of; the gravest first. */
const nativeMetrics = ['rss', 'pss', 'uss', 'external'];
/** Of the growth; below, the rest is memory that native code keeps. */
const leastExplained = 0.5;
/** Of all that the heap keeps; what has less need not be what native memory goes with. */
const leastOfHeld = 0.5;

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
  const joined = [...leads];
  for (const metric of nativeMetrics) {
    const finding = leaking.find((candidate) => candidate.metric === metric);
    const rest = finding === undefined ? undefined : unexplained(finding, leads);
    if (finding === undefined || rest === undefined) continue;
    const companion = companionOf(joined);
    const shown = evidenceOf(finding, rest, companion, addonsOf(rounds, locator));
    if (companion === undefined) joined.push({ evidence: new Map([[metric, shown]]), rates: [] });
    else joined[joined.indexOf(companion)] = { ...companion, evidence: new Map(companion.evidence).set(metric, shown) };
  }
  return joined;
}

function unexplained({ metric, slope }: Finding, leads: readonly Lead[]): { rest: number; known: number } | undefined {
  const sumOf = (name: string) =>
    leads.reduce((sum, { evidence }) => sum + (evidence.get(name)?.slope.estimate ?? 0), 0);
  const known = sumOf('external') + (metric === 'external' ? 0 : sumOf('heapUsed'));
  if (slope.estimate <= 0 || known >= leastExplained * slope.estimate) return undefined;
  return { rest: slope.estimate - known, known };
}

/** What native code holds, else what has most of what is kept. */
function companionOf(leads: readonly Lead[]): Lead | undefined {
  const held = leads.filter((lead) => lead.holder !== undefined && placeOf(lead) !== undefined);
  const total = held.reduce((sum, lead) => sum + heldGrowth(lead), 0);
  const byNative = held.find(({ holder }) => /^`(?:native code|open handles)`/.test(holder!.description));
  return byNative ?? held.find((lead) => heldGrowth(lead) >= leastOfHeld * total);
}

function placeOf({ evidence }: Lead): LeadEvidence | undefined {
  return [...evidence.values()].find(({ location }) => location !== undefined);
}

function evidenceOf(
  { slope }: Finding,
  { rest, known }: { rest: number; known: number },
  companion: Lead | undefined,
  addons: readonly string[],
): LeadEvidence {
  const margin = (slope.high - slope.low) / 2;
  const place = companion === undefined ? undefined : placeOf(companion);
  const native = `Memory outside JavaScript grows by ${Math.round(rest)} B a cycle`;
  const code = addons.length === 0 ? 'native code' : `native code (${addons.join(', ')})`;
  const excluded = `the V8 heap and ArrayBuffers account for ${Math.round(known)} B: ${code}, or an allocator that keeps what it was given back`;
  return {
    ...place,
    kind: 'allocation-site',
    slope: { estimate: rest, low: rest - margin, high: rest + margin },
    description: place === undefined ? `${native}; ${excluded}` : `${native}. ${place.description}`,
  };
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
