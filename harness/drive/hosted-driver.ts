import type { HostedModule } from '../model/agent-protocol.js';
import type { AgentConnection } from '../model/target.js';
import type { Clock } from '../platform/clock.js';
import type { Driver } from './driver.js';
import { checkedGauges } from './gauges.js';
import { watchForStall } from './stall-watch.js';

/** A round may take as long as it moves; the stall watch ends it, not the request. */
const roundTimeoutMs = 2 ** 31 - 1;
const setupTimeoutMs = 60_000;
/** What does not move may yet be able to tidy up, but is not waited for. */
const stalledTeardownMs = 2_000;

export interface HostedDriverOptions {
  readonly name: string;
  readonly agent: AgentConnection;
  readonly module: HostedModule & { form: 'functions' };
  readonly seed: number;
  readonly clock: Clock;
  readonly stallMs: number;
}

/** Lets a function module, loaded in a child of its own, drive itself: the loop runs there, beside the functions. */
export function createHostedDriver({ name, agent, module, seed, clock, stallMs }: HostedDriverOptions): Driver {
  const progress = () => agent.request('progress', {}, { timeoutMs: stallMs });
  let hasFailed = false;
  const watched = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await watchForStall(work, progress, { clock, stallMs });
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  return {
    operations: ['cycle'],
    hasGauges: module.hasGauges,
    canHold: module.paired,
    settleMs: module.settleMs,
    setup: async () => void (await agent.request('setup', {}, { timeoutMs: setupTimeoutMs })),
    round: (plan) => watched(agent.request('round', { ...plan, seed }, { timeoutMs: roundTimeoutMs })),
    hold: (request) => watched(agent.request('hold', request, { timeoutMs: roundTimeoutMs })),
    release: (options) => watched(agent.request('release', options, { timeoutMs: roundTimeoutMs })),
    progress,
    gauges: async () => checkedGauges(name, module.hasGauges ? await agent.request('gauges', {}) : undefined),
    settled: () => Promise.resolve(true),
    teardown: async () => {
      await agent.request('teardown', {}, { timeoutMs: hasFailed ? stalledTeardownMs : setupTimeoutMs });
    },
  };
}
