import type { LiveSite } from '../../model/runtime.js';
import { statementPattern } from './statement-pattern.js';

export function siteOf(kind: LiveSite['kind'], what: string, live: LiveSite['live'], count: number): LiveSite {
  return { key: what, kind, what, live, count, stack: [] };
}

/** Those that differ in names and numbers alone are one. */
export function addUp(sites: readonly LiveSite[]): LiveSite[] {
  const byKey = new Map<string, LiveSite>();
  for (const site of sites) {
    const present = byKey.get(site.key);
    if (present === undefined) {
      byKey.set(site.key, site);
      continue;
    }
    const live = { ...present.live };
    for (const [metric, value] of Object.entries(site.live)) live[metric] = (live[metric] ?? 0) + value;
    byKey.set(site.key, { ...present, live, count: present.count + site.count });
  }
  return [...byKey.values()];
}

export function sessionWords(state: string | null, query: string): string {
  return `a session, ${stateWords(state, query)}`;
}

export function stateWords(state: string | null, query: string): string {
  const last = query === '' ? 'without a statement' : `whose last statement was \`${statementPattern(query)}\``;
  return `${state ?? 'of unknown state'}, ${last}`;
}
