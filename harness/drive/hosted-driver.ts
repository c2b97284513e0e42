import type { HostedModule } from '../model/agent-protocol.js';
import type { AgentConnection } from '../model/target.js';
import type { Clock } from '../platform/clock.js';
import type { Driver } from './driver.js';
import { checkedGauges } from './scenario-driver.js';
import { watchForStall } from './stall-watch.js';

/** A round may take as long as it moves; the stall watch ends it, not the request. */
const roundTimeoutMs = 2 ** 31 - 1;
const setupTimeoutMs = 60_000;

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
  const finished = async () => (await agent.request('progress', {}, { timeoutMs: stallMs })).finished;
  return {
    operations: ['cycle'],
    hasGauges: module.hasGauges,
    canHold: module.paired,
    settleMs: module.settleMs,
    setup: async () => void (await agent.request('setup', {}, { timeoutMs: setupTimeoutMs })),
    round: (plan) =>
      watchForStall(agent.request('round', { ...plan, seed }, { timeoutMs: roundTimeoutMs }), finished, {
        clock,
        stallMs,
      }),
    hold: (request) =>
      watchForStall(agent.request('hold', request, { timeoutMs: roundTimeoutMs }), finished, { clock, stallMs }),
    release: (options) =>
      watchForStall(agent.request('release', options, { timeoutMs: roundTimeoutMs }), finished, { clock, stallMs }),
    finished,
    gauges: async () => checkedGauges(name, module.hasGauges ? await agent.request('gauges', {}) : undefined),
    settled: () => Promise.resolve(true),
    teardown: async () => void (await agent.request('teardown', {}, { timeoutMs: setupTimeoutMs })),
  };
}
