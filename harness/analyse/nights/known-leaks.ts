import type { KnownLeak } from '../../model/news.js';

/** A known leak, seen from tonight. */
export interface Known {
  readonly leak: KnownLeak;
  /** Its date has not passed. */
  readonly excused: boolean;
  /** Its date has passed since the night before. */
  readonly expiredTonight: boolean;
  /** What follows a sentence about the leak. */
  readonly text: string;
}

interface Failing {
  readonly scenario: string;
  readonly variant: string;
  readonly metric: string;
  readonly today: string;
  /** Day of the night before; absent for the first. */
  readonly lastNight: string | undefined;
}

/** The entry that covers a failing metric; of several the one that holds longest. */
export function knownOf(leaks: readonly KnownLeak[], failing: Failing): Known | undefined {
  const [leak] = leaks
    .filter((one) => covers(one, failing))
    .toSorted((one, other) => (one.expires < other.expires ? 1 : -1));
  if (leak === undefined) return undefined;
  const excused = failing.today <= leak.expires;
  const note = leak.note === undefined ? '' : `, ${leak.note}`;
  const text = excused
    ? ` (known to ${leak.owner} until ${leak.expires}${note})`
    : `; ${leak.owner} knew of it until ${leak.expires}, which has passed${note}`;
  const expiredTonight = !excused && (failing.lastNight ?? '') <= leak.expires;
  return { leak, excused, expiredTonight, text };
}

function covers(leak: KnownLeak, { scenario, variant, metric }: Failing): boolean {
  if (leak.scenario !== scenario || (leak.variant ?? variant) !== variant) return false;
  if (leak.metric === undefined || leak.metric === metric) return true;
  return leak.metric.endsWith('.*') && metric.startsWith(leak.metric.slice(0, -1));
}
