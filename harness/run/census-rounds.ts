import type { Census, MetricValues } from '../model/agent-protocol.js';
import type { AgentConnection } from '../model/target.js';
import type { Measurement } from './measurement.js';

/** Above this much live heap a census takes seconds; then it is taken at both ends only. */
const largestHeapBytes = 64 * 1024 * 1024;
const fewestRounds = 14;
/** Beside a leak only the growing classes matter, and those show in fewer. */
const fewestRoundsOfLeak = 9;
const mostRounds = 40;
const roundsAtBothEnds = 3;
const classesByCount = 40;
/** A class that was rare at first is followed once it has grown by this much. */
const growthToFollow = 8;
const mostClasses = 80;
const censusTimeoutMs = 120_000;
/** Counting may take this part of the time that measuring took, and no less than a moment. */
const timeShare = 0.3;
const leastTimeMs = 6_000;

export interface CensusQuestions {
  /** Whether another round would help; asked after the fewest that say anything. */
  readonly undecided: () => boolean;
  /** Whether the run is known to leak. */
  readonly leaks: boolean;
}

/**
 * Rounds whose floors count every live object. They come last: counting disturbs byte readings.
 */
export async function runCensusRounds(
  agent: AgentConnection,
  measurement: Measurement,
  { undecided, leaks }: CensusQuestions,
): Promise<void> {
  const heapBytes = measurement.lastFloor.heapUsed ?? 0;
  const affordable = heapBytes <= largestHeapBytes;
  const rounds = affordable ? (leaks ? fewestRoundsOfLeak : fewestRounds) : roundsAtBothEnds;
  const limit = affordable ? mostRounds : roundsAtBothEnds;
  const classes = new FollowedClasses();
  measurement.sizer.restart();
  const deadlineMs = measurement.elapsedMs + Math.max(leastTimeMs, measurement.elapsedMs * timeShare);
  for (let round = 0; round < limit; round += 1) {
    const ended = measurement.limitReached();
    if (ended === 'interrupted' || ended === 'rounds') return;
    if (measurement.elapsedMs > deadlineMs || (round >= rounds && !undecided())) return;
    await measurement.round('census', async () => {
      const census = await agent.request('census', {}, { timeoutMs: censusTimeoutMs });
      return { objects: census.objects, timers: census.timers, listeners: census.listeners, ...classes.follow(census) };
    });
  }
}

/** Which classes get a series of their own: the most numerous at first, and those that grow. */
class FollowedClasses {
  private first: Readonly<Record<string, number>> | undefined;
  private readonly followed = new Set<string>();

  follow({ classes }: Census): MetricValues {
    if (this.first === undefined) {
      this.first = classes;
      const numerous = Object.entries(classes).sort(([, left], [, right]) => right - left);
      for (const [name] of numerous.slice(0, classesByCount)) this.followed.add(name);
    }
    const values: MetricValues = {};
    for (const [name, count] of Object.entries(classes)) {
      const grown = count - (this.first[name] ?? 0) >= growthToFollow;
      if (grown && this.followed.size < mostClasses) this.followed.add(name);
      if (this.followed.has(name)) values[`objects.${name}`] = count;
    }
    for (const name of this.followed) values[`objects.${name}`] ??= 0;
    return values;
  }
}
