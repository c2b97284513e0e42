import type { Finding } from '../../model/run-record.js';
import { addSlopes } from '../evidence/slope.js';
import type { Lead, LeadEvidence, Wording } from './lead.js';
import { placeOf } from './lead-joins.js';
import { companionOf, rateMin } from './native-leads.js';

const wasmMemory = 'wasmMemory';
const viewOfMemory = /: (?:Memory|ArrayBuffer|DataView|(?:Big)?(?:Ui|I)nt(?:8|16|32|64)Array|Float(?:32|64)Array)\b/;

/**
 * What code of WebAssembly allocates and does not free, no heap shows. It is one leak with what JavaScript keeps at the same
 * time, a statement for each block, where there is such. Else the view through which JavaScript sees it says whose memory it
 * is. A view is made anew whenever the memory has grown, and is no leak of its own.
 */
export function attachWasm(leads: readonly Lead[], findings: readonly Finding[]): Lead[] {
  // It is read seldom, and may still be open where the arenas in which it lies leak already.
  const finding = findings.find(({ metric, verdict }) => metric === wasmMemory && verdict !== 'plateau');
  if (finding === undefined || finding.slope.estimate <= 0) return [...leads];
  const views = leads.filter(isView);
  const others = leads.filter((lead) => !views.includes(lead));
  const companion = companionOf(others, findings);
  const owner = companion ?? views[0];
  const place = owner === undefined ? undefined : placeOf(owner);
  if (owner === undefined || place === undefined) return [...leads];
  const { estimate, low, high } = finding.slope;
  const describe: Wording = (share) =>
    companion === undefined
      ? `WebAssembly memory grows: what its code allocates is not freed. JavaScript sees it through ${owner.holder!.description}`
      : `WebAssembly memory grows: what its code allocates is not freed. ${place.describe(share)}`;
  const shown: LeadEvidence = { ...place, slope: { estimate, low, high }, describe };
  const seen = views.map(({ evidence }) => evidence.get('external')!.slope);
  const evidence = new Map(owner.evidence).set(wasmMemory, shown);
  if (seen.length > 0) evidence.set('external', { ...shown, slope: seen.reduce(addSlopes) });
  return [{ ...owner, evidence }, ...others.filter((lead) => lead !== owner)];
}

function isView({ evidence, holder, rates }: Lead): boolean {
  return (
    evidence.has('external') && viewOfMemory.test(holder?.path.at(-1) ?? '') && rates.every((rate) => rate < rateMin)
  );
}
