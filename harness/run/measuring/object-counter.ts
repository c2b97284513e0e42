import type { TimerCounts } from '../../analyse/next/experiment.js';
import type { Census, MetricValues } from '../../model/agent-protocol.js';
import type { AgentConnection } from '../../model/target.js';

const classesByCount = 40;
/** A class that was rare at first is followed once it has grown by this much. */
const growthToFollow = 8;
const classesMax = 80;
const censusTimeoutMs = 120_000;
/** A test runner has a time limit for the test, and now and then another timer for its messages. */
const timersOfOthers = 4;

/** Counts the live objects of a target, and follows the classes that matter. */
export class ObjectCounter implements TimerCounts {
  timersDueMs: number | undefined;
  sweepsMs = 0;
  get hasTimers(): boolean {
    return this.repeatingTimers > 0 || this.timers > this.timersBefore;
  }

  private timers = 0;
  private repeatingTimers = 0;
  private timersBefore = 0;
  private first: Readonly<Record<string, number>> | undefined;
  private readonly followed = new Set<string>();

  constructor(private readonly agent: AgentConnection) {}

  /** Of a process that is more than the target, before the first cycle: its own timers let nothing of the target go. */
  async countTimersBefore(): Promise<void> {
    await this.count();
    this.timersBefore = this.timers + timersOfOthers;
  }

  async count(): Promise<MetricValues> {
    const census = await this.agent.request('census', {}, { timeoutMs: censusTimeoutMs });
    this.timersDueMs = census.timersDueMs;
    this.sweepsMs = census.sweepsMs;
    this.timers = census.timers;
    this.repeatingTimers = census.repeatingTimers;
    const { objects, timers, listeners } = census;
    return { objects, timers, listeners, ...this.follow(census) };
  }

  /** The most numerous classes at first, and those that grow, get a series of their own. */
  private follow({ classes }: Census): MetricValues {
    if (this.first === undefined) {
      this.first = classes;
      const numerous = Object.entries(classes).sort(([, left], [, right]) => right - left);
      for (const [name] of numerous.slice(0, classesByCount)) this.followed.add(name);
    }
    const values: MetricValues = {};
    for (const [name, count] of Object.entries(classes)) {
      const grown = count - (this.first[name] ?? 0) >= growthToFollow;
      if (grown && this.followed.size < classesMax) this.followed.add(name);
      if (this.followed.has(name)) values[`objects.${name}`] = count;
    }
    for (const name of this.followed) values[`objects.${name}`] ??= 0;
    return values;
  }
}
