/** A canary: every session that ends stays in a list. A night in which this is not found to leak says nothing. */
import { setImmediate } from 'node:timers/promises';

interface Session {
  readonly cycle: number;
  readonly tags: readonly string[];
}

const open = new Map<number, Session>();
const ended: Session[] = [];

export async function create(cycle: number): Promise<Session> {
  const session = { cycle, tags: ['canary', String(cycle)] };
  open.set(cycle, session);
  await setImmediate();
  return session;
}

export function destroy(session: Session): void {
  open.delete(session.cycle);
  ended.push(session);
}

export const gauges = () => ({ openSessions: open.size, endedSessions: ended.length });
