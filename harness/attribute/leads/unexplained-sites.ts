import type { Finding } from '../../model/run-record.js';
import type { Lead } from './lead.js';
import { type SiteEvidence, siteLeads } from './site-leads.js';

const metric = 'heapUsed';
/** Of the growth of the heap: where holders leave less open, it is tables and code, which no line of the target adds. */
const openShareMin = 0.5;

/**
 * Lines that allocate what no holder in the heap snapshots accounts for: symbols of the registry, strings that V8 keeps.
 * The largest come first, up to all that is open, and none of a line that is known already.
 */
export function unexplainedSites(
  leaking: readonly Finding[],
  known: readonly Lead[],
  evidence: Omit<SiteEvidence, 'groups'>,
): Lead[] {
  const finding = leaking.find((candidate) => candidate.metric === metric);
  if (finding === undefined || finding.driver === 'time') return [];
  const growth = finding.slope.estimate;
  let open = growth - known.reduce((sum, lead) => sum + bytesOf(lead), 0);
  if (open < openShareMin * growth) return [];
  const places = new Set(known.flatMap(placesOf));
  return siteLeads({ ...evidence, groups: [] })
    .filter((lead) => !placesOf(lead).some((place) => places.has(place)))
    .sort((one, other) => bytesOf(other) - bytesOf(one))
    .filter((lead) => {
      const isWanted = open > 0;
      open -= bytesOf(lead);
      return isWanted;
    });
}

function bytesOf({ evidence }: Lead): number {
  return evidence.get(metric)?.slope.estimate ?? 0;
}

function placesOf({ evidence }: Lead): string[] {
  return [...evidence.values()].flatMap(({ location }) =>
    location === undefined ? [] : `${location.file}:${location.line}`,
  );
}
