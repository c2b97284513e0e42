import type { LiveSite } from '../model/runtime.js';

/** What a server holds that no stack has made: known by what it is. */
export function plainSite(kind: LiveSite['kind'], what: string, live: LiveSite['live'], count: number): LiveSite {
  return { key: what, kind, what, live, count, stack: [] };
}
