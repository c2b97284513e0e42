import type { RoundPlan } from '../driver.js';

/** The requests of a round, by connection: as many as possible are alike. */
export interface RoundShares {
  /** Of each connection that stays open. */
  readonly staying: readonly number[];
  readonly fresh: { readonly connections: number; readonly amount: number };
}

/**
 * Half of the connections stay open, half are new: both what a target keeps for the requests of a connection and what it keeps
 * for each connection adds up. Of an odd number, one does the one and the other in turn.
 * @param stayingMax connections that may stay open
 */
export function shareOut(
  { round, cycles, concurrency }: Pick<RoundPlan, 'round' | 'cycles' | 'concurrency'>,
  stayingMax: number,
): RoundShares {
  const connections = Math.min(cycles, concurrency);
  const stay = Math.min(stayingMax, (connections + (round % 2)) >> 1);
  const each = Math.floor(cycles / connections);
  const more = cycles % connections;
  const staying = Array.from({ length: stay }, (_, index) => each + Number(index < more));
  const amount = cycles - staying.reduce((sum, requests) => sum + requests, 0);
  return { staying, fresh: { connections: connections - stay, amount } };
}
