import type { Finding } from '../../model/run-record.js';
import { growingSites } from '../evidence/allocation-sites.js';
import type { AttributionEvidence } from '../evidence/attribution-session.js';
import { workerHeap } from '../evidence/heap-metrics.js';
import type { SnapshotAnalysis } from '../snapshot/analyse-snapshots.js';
import type { SourceLocator } from '../source/source-locator.js';
import { heapLeads } from './heap-leads.js';
import type { Lead, LeadEvidence, Wording } from './lead.js';
import { siteLeads } from './site-leads.js';
import { unexplainedSites } from './unexplained-sites.js';

/**
 * What grows in the heaps of worker threads: the holders of the one of which there are snapshots, which stand for those of
 * the others, and what all of them allocate.
 * @param analysis absent where there is no pair of snapshots
 */
export function workerLeads(
  leaking: readonly Finding[],
  { rounds, worker }: AttributionEvidence,
  analysis: SnapshotAnalysis | undefined,
  locator: SourceLocator,
): Lead[] {
  const finding = leaking.find(({ metric }) => metric === workerHeap);
  if (finding === undefined) return [];
  const sites = growingSites(
    rounds.flatMap(({ cycles, workerSites }) => (workerSites === undefined ? [] : [{ cycles, sites: workerSites }])),
  );
  const known = { sites, groups: [], locator, growing: new Map() };
  if (analysis === undefined || worker === undefined) return siteLeads(known).flatMap(ofWorkers);
  // Its part of what is kept is its part of the cycles.
  const cycles = Math.max(1, worker.cycles * worker.share);
  const allCycles = Math.max(cycles, worker.allCycles * worker.share);
  const held = heapLeads({ ...known, analysis, cycles, allCycles, collections: {} });
  const heap = [{ ...finding, metric: 'heapUsed' }];
  return [...held, ...unexplainedSites(heap, held, known)].flatMap(ofWorkers);
}

/** Of workers no more is measured than their heaps. */
function ofWorkers({ evidence, ...lead }: Lead): Lead[] {
  const heap = evidence.get('heapUsed');
  if (heap === undefined) return [];
  const describe: Wording = (share, booked) => `${heap.describe(share, booked)}, in worker threads`;
  const shown: LeadEvidence = { ...heap, describe };
  return [{ ...lead, evidence: new Map([[workerHeap, shown]]) }];
}
