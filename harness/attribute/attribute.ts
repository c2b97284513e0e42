import { isLeakingGrowth } from '../model/finding.js';
import type { Attribution, HeapGrowthInPass } from '../model/run-log.js';
import type { Finding } from '../model/run-record.js';
import { thrownMessage } from '../model/thrown.js';
import { type GrowingSite, growingSites } from './evidence/allocation-sites.js';
import type { AttributionEvidence } from './evidence/attribution-session.js';
import type { GrowingGroup } from './evidence/growing-group.js';
import { growingGroups } from './evidence/growing-groups.js';
import { ownScripts } from './evidence/own-scripts.js';
import { slopeOf } from './evidence/slope.js';
import { heapLeads } from './leads/heap-leads.js';
import { type Lead, mergeLeads } from './leads/lead.js';
import {
  attachDescriptors,
  attachGauges,
  attachWrapped,
  preferLeadsWithPlace,
  withoutSecondViews,
} from './leads/lead-joins.js';
import { attachNative } from './leads/native-leads.js';
import { childLeads, gaugeLeads, outsideLeads } from './leads/outside-leads.js';
import { attachCallers } from './leads/package-callers.js';
import { resourceLeads } from './leads/resource-leads.js';
import { roomLeads } from './leads/room-leads.js';
import { runtimeLeads } from './leads/runtime-leads.js';
import { siteLeads } from './leads/site-leads.js';
import { unexplainedSites } from './leads/unexplained-sites.js';
import { attachWasm } from './leads/wasm-leads.js';
import { workerLeads } from './leads/worker-leads.js';
import type { GrowingObject, LaterSnapshot, SnapshotAnalysis } from './snapshot/analyse-snapshots.js';
import { SnapshotsApart } from './snapshot/read-in-process.js';
import { SourceLocator } from './source/source-locator.js';
import { type PassGrowth, suspectsOf } from './suspects.js';

export interface AttributionInput {
  /** Of the measuring pass, gravest first. */
  readonly findings: readonly Finding[];
  readonly evidence: AttributionEvidence;
  /** Where the target ran. */
  readonly workingDirectory: string;
  /** Reads the first snapshot of the pair already. @defaultValue both are read now */
  readonly reader?: SnapshotsApart;
  /** Ends the reading of snapshots. */
  readonly signal?: AbortSignal;
}

/**
 * Names what grows: joins what the attribution pass read with the growth that the measuring pass found. Call after the
 * target has stopped: heap snapshots are read in a process of their own.
 * @returns no suspects when no finding is a leak
 * @throws the signal's reason when that is aborted
 */
export async function attribute({
  findings,
  evidence,
  workingDirectory,
  reader,
  signal,
}: AttributionInput): Promise<Attribution> {
  const ofOneWorker = evidence.worker === undefined ? [] : [evidence.worker.before, evidence.worker.after];
  const artifacts = [...evidence.snapshots.map(({ path }) => path), ...ofOneWorker].map((path) => ({
    kind: 'heap-snapshot',
    path,
  }));
  if (!findings.some(isLeakingGrowth))
    return { suspects: [], explained: {}, warnings: [...evidence.warnings], artifacts };
  const warnings = [...evidence.warnings];
  const read = (pair: ReadPair) => readPair(pair, warnings, signal);
  const analysis = await readSnapshots(evidence, reader, read);
  const ofWorker = await readWorkerSnapshots(evidence, read);
  const pass = { slopeOf: slopesInPass(evidence), shareOf: operationShares(evidence) };
  const driven = findings.map((finding) => perCycleOfAll(finding, pass.shareOf));
  const leads = findLeads(driven, evidence, { analysis, ofWorker }, workingDirectory);
  const heapGrowth = heapGrowthOf(evidence, analysis, pass.slopeOf('heapUsed'));
  return {
    ...suspectsOf(leads, driven.filter(isLeakingGrowth), pass),
    ...(heapGrowth !== undefined && { heapGrowth }),
    warnings,
    artifacts,
  };
}

/** What the heap grew by between the two snapshots; @returns undefined where there is no pair */
function heapGrowthOf(
  { snapshots }: AttributionEvidence,
  analysis: SnapshotAnalysis | undefined,
  atFloors: number | undefined,
): HeapGrowthInPass | undefined {
  const cycles = (snapshots.at(-1)?.cycles ?? 0) - (snapshots[0]?.cycles ?? 0);
  if (analysis?.grownBytes === undefined || atFloors === undefined || cycles <= 0) return undefined;
  return { atFloors, inSnapshots: analysis.grownBytes / cycles, cycles };
}

interface ReadPair extends LaterSnapshot {
  /** Read by then, or read first. */
  readonly before?: SnapshotsApart | string;
}

type PairReader = (pair: ReadPair) => Promise<SnapshotAnalysis | undefined>;

async function readSnapshots(
  { snapshots }: AttributionEvidence,
  reader: SnapshotsApart | undefined,
  read: PairReader,
): Promise<SnapshotAnalysis | undefined> {
  const after = snapshots.at(-1);
  if (after === undefined) return undefined;
  const before = snapshots.length > 1 ? snapshots[0] : undefined;
  return read({
    ...(before !== undefined && { before: reader ?? before.path }),
    after: after.path,
    clocks: after.clocks,
    growing: Object.values(after.collections),
    own: ownScripts,
  });
}

async function readWorkerSnapshots(
  { worker }: AttributionEvidence,
  read: PairReader,
): Promise<SnapshotAnalysis | undefined> {
  if (worker === undefined) return undefined;
  const { before, after, clocks } = worker;
  return read({ before, after, clocks, growing: [], own: ownScripts });
}

async function readPair(
  { before, ...later }: ReadPair,
  warnings: string[],
  signal: AbortSignal | undefined,
): Promise<SnapshotAnalysis | undefined> {
  const reader = before instanceof SnapshotsApart ? before : new SnapshotsApart(signal);
  try {
    if (typeof before === 'string') reader.readEarlier(before);
    return await reader.compare(later);
  } catch (error) {
    signal?.throwIfAborted();
    warnings.push(`who holds what grows is not known: ${thrownMessage(error)}`);
    return undefined;
  }
}

function findLeads(
  findings: readonly Finding[],
  evidence: AttributionEvidence,
  {
    analysis,
    ofWorker,
  }: { readonly analysis: SnapshotAnalysis | undefined; readonly ofWorker: SnapshotAnalysis | undefined },
  workingDirectory: string,
): Lead[] {
  const { rounds } = evidence;
  const leaking = findings.filter(isLeakingGrowth);
  const locator = new SourceLocator(evidence.sourceMaps, workingDirectory);
  const sites = growingSites(rounds);
  const groups = growingGroups(rounds);
  const isPair = analysis !== undefined && evidence.snapshots.length > 1;
  const held = isPair ? attachWasm(heldLeads(evidence, analysis, groups, sites, locator), findings) : [];
  const growing = growingByKey(evidence, analysis);
  const found = [...resourceLeads(groups, locator), ...held, ...runtimeLeads(rounds, locator)];
  const allocated = isPair
    ? unexplainedSites(leaking, found, { sites, locator, growing })
    : siteLeads({ sites, groups, locator, growing });
  const linear = mergeLeads([...found, ...allocated, ...workerLeads(leaking, evidence, ofWorker, locator)]);
  const inside = mergeLeads([...linear, ...roomLeads(leaking, linear, rounds, locator)]);
  const seenOnce = withoutSecondViews(attachDescriptors(inside));
  const known = attachWrapped(preferLeadsWithPlace(seenOnce, outsideLeads(rounds)));
  const withGauges = attachGauges(known, gaugeLeads(leaking));
  const all = attachNative(leaking, [...withGauges, ...childLeads(leaking)], rounds, locator);
  return attachCallers(all, sites, locator);
}

function growingByKey(
  { snapshots }: AttributionEvidence,
  analysis: SnapshotAnalysis | undefined,
): ReadonlyMap<string, GrowingObject> {
  const ids = Object.entries(snapshots.at(-1)?.collections ?? {});
  return new Map(
    ids.flatMap(([key, id]) => {
      const known = analysis?.growing[id];
      return known === undefined ? [] : [[key, known] as const];
    }),
  );
}

function heldLeads(
  { snapshots }: AttributionEvidence,
  analysis: SnapshotAnalysis,
  groups: readonly GrowingGroup[],
  sites: readonly GrowingSite[],
  locator: SourceLocator,
): Lead[] {
  const [before, after] = [snapshots[0]!, snapshots.at(-1)!];
  const cycles = Math.max(1, after.cycles - before.cycles);
  const allCycles = Math.max(cycles, after.cycles);
  return heapLeads({ analysis, cycles, allCycles, collections: after.collections, groups, sites, locator });
}

function slopesInPass({ rounds }: AttributionEvidence): (metric: string) => number | undefined {
  return (metric) =>
    slopeOf(
      rounds.flatMap(({ cycles, values }) => (values[metric] === undefined ? [] : [[cycles, values[metric]] as const])),
    )?.estimate;
}

/** The pass counts cycles of all operations; a finding that names one counts those of that one. */
function perCycleOfAll(finding: Finding, shareOf: PassGrowth['shareOf']): Finding {
  if (finding.operation === undefined || finding.axis !== 'cycle') return finding;
  const share = shareOf(finding.operation);
  const { estimate, low, high, unit } = finding.slope;
  return { ...finding, slope: { estimate: estimate * share, low: low * share, high: high * share, unit } };
}

/** Which part of the cycles of the pass were of an operation. Parts differ between rounds, so they are fitted as growth is. */
function operationShares({ rounds }: AttributionEvidence): PassGrowth['shareOf'] {
  return (operation) => {
    const own = rounds.map(
      ({ cycles, cyclesByOperation }) => [cycles, cyclesByOperation?.[operation] ?? cycles] as const,
    );
    const share = slopeOf(own)?.estimate ?? 1;
    return share > 0 ? share : 1;
  };
}
