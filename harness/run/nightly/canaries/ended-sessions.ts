/** The sound twin of `kept-sessions`: the same work, and nothing stays. */
import { setImmediate } from 'node:timers/promises';

interface Session {
  readonly cycle: number;
  readonly tags: readonly string[];
}

const open = new Map<number, Session>();
let endedLast: Session | undefined;

export async function create(cycle: number): Promise<Session> {
  const session = { cycle, tags: ['canary', String(cycle)] };
  open.set(cycle, session);
  await setImmediate();
  return session;
}

export function destroy(session: Session): void {
  open.delete(session.cycle);
  endedLast = session;
}

export const gauges = () => ({ openSessions: open.size, endedSessions: endedLast === undefined ? 0 : 1 });
