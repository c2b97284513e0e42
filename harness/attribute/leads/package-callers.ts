import type { CodeLocation } from '../../model/run-record.js';
import type { GrowingSite } from '../evidence/allocation-sites.js';
import { isOwn, ownCaller } from '../source/own-caller.js';
import type { SourceLocator } from '../source/source-locator.js';
import { haveSameRate, type Lead, type LeadEvidence } from './lead.js';
import { isMultiple } from './lead-joins.js';
import { functionsOf, stackFrom } from './site-functions.js';

/**
 * A package that goes on after it was called, in a callback say, has nobody of the target's on its stack. Who called it is seen
 * where the same package made something else that grows: with the stack of a lead at the same rate, or of the steepest site.
 */
export function attachCallers(leads: readonly Lead[], sites: readonly GrowingSite[], locator: SourceLocator): Lead[] {
  const orphans = leads.filter(({ evidence }) =>
    [...evidence.values()].some((shown) => packageAlone(shown) !== undefined),
  );
  if (orphans.length === 0) return [...leads];
  const stacks = sites.map(({ frames }) => stackFrom(functionsOf(frames, locator), undefined, locator));
  return leads.map((lead) => (orphans.includes(lead) ? withCallers(lead, leads, stacks) : lead));
}

function withCallers(lead: Lead, leads: readonly Lead[], stacks: readonly (readonly CodeLocation[])[]): Lead {
  const atSameRate = leads.filter((other) => other !== lead && comesWith(lead, other));
  const known = atSameRate.flatMap(({ evidence }) => [...evidence.values()].map(({ stack = [] }) => stack));
  const evidence = [...lead.evidence].map(([metric, shown]): [string, LeadEvidence] => {
    const name = packageAlone(shown);
    const callers = name === undefined ? undefined : callersOf(name, [...known, ...stacks]);
    return [metric, callers === undefined ? shown : { ...shown, stack: [...(shown.stack ?? []), ...callers] }];
  });
  return { ...lead, evidence: new Map(evidence) };
}

function comesWith(one: Lead, other: Lead): boolean {
  const isPart = (rate: number) => other.rates.some((part) => isMultiple(rate, part) || isMultiple(part, rate));
  return haveSameRate(one, other) || one.rates.some(isPart);
}

/** The package of a place that no own code is known to have called. */
function packageAlone(shown: LeadEvidence): string | undefined {
  return ownCaller(shown) === undefined ? shown.location?.package : undefined;
}

/** Own code and what called it, of the first stack on which it calls the package. */
function callersOf(
  packageName: string,
  stacks: readonly (readonly CodeLocation[])[],
): readonly CodeLocation[] | undefined {
  for (const stack of stacks) {
    const caller = stack.findIndex(isOwn);
    if (caller > 0 && stack[caller - 1]!.package === packageName) return stack.slice(caller);
  }
  return undefined;
}
