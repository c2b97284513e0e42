import type { EvidenceRound } from '../../harness/attribute/evidence/attribution-session.js';
import { runtimeLeads } from '../../harness/attribute/leads/runtime-leads.js';
import { SourceLocator } from '../../harness/attribute/source/source-locator.js';
import type { LiveHolder, LiveSite, StackFrame } from '../../harness/model/runtime.js';

const locator = new SourceLocator({}, '/srv/app');
export const own = (line: number): StackFrame => ({ file: '/srv/app/app.py', line, function: 'login', isOwn: true });
export const library: StackFrame = { file: '/usr/lib/python3/json/decoder.py', line: 4, isOwn: false };
export const inPackage: StackFrame = { file: '/venv/pool.py', line: 9, isOwn: false, package: 'pool@1.2' };

/** Objects of 200 B that one place has made. */
export function site(key: string, count: number, more: Partial<LiveSite> = {}): LiveSite {
  return {
    key,
    count,
    live: { heapUsed: count * 200 },
    kind: 'allocation-site',
    what: 'dict objects',
    stack: [own(7)],
    ...more,
  };
}

export const holder = (key: string, entries: number, more: Partial<LiveHolder> = {}): LiveHolder => ({
  key,
  description: key,
  path: [key],
  entries,
  ...more,
});

/** Six rounds of a hundred cycles after a warm-up, each with what is alive after so many cycles. */
function rounds(
  reading: (cycles: number) => { sites: LiveSite[]; holders?: LiveHolder[] },
  warmUpCycles: number,
): EvidenceRound[] {
  return [1, 2, 3, 4, 5, 6].map((round) => {
    const cycles = warmUpCycles + round * 100;
    return { cycles, values: {}, runtime: { holders: [], warnings: [], ...reading(cycles) } };
  });
}

export const leadsOf = (reading: Parameters<typeof rounds>[0], warmUpCycles = 0) =>
  runtimeLeads(rounds(reading, warmUpCycles), locator);
