import { createRequire } from 'node:module';
import { afterEach, expect, test } from 'vitest';
import type * as pendingTimers from '../../harness/agent/pending-timers.cjs';

const built = createRequire(import.meta.url)('../../dist/harness/agent/pending-timers.cjs') as typeof pendingTimers;

const armed: NodeJS.Timeout[] = [];

afterEach(() => {
  for (const timer of armed.splice(0)) clearTimeout(timer);
});

/** The timers of this file. */
function ownTimers() {
  return built.readPendingTimers().timers.filter(({ frame: [url] }) => url.includes('pending-timers.test'));
}

test('a sweeper names the collection that it takes entries out of, and how long they are kept', () => {
  class Sessions {
    readonly #entries = new Map([['first', { seenAt: 0 }]]);
    readonly ttlMs = 30 * 60_000;
    readonly timer = setInterval(() => this.#sweep(), 60_000);

    #sweep(): void {
      for (const [id, { seenAt }] of this.#entries) if (Date.now() - seenAt > this.ttlMs) this.#entries.delete(id);
    }
  }
  armed.push(new Sessions().timer);
  const [timer] = ownTimers();
  expect(timer).toMatchObject({ count: 1, everyMs: 60_000, keepsMs: 1_800_000 });
  expect(timer!.collections).toEqual([{ name: '#entries', entries: 1 }]);
  expect(timer!.dueMs).toBeGreaterThan(59_000);
});

test('timers of entries are counted together, and their code names what they are taken out of', () => {
  const leases = new Map<number, object>();
  for (let id = 0; id < 50; id += 1) {
    leases.set(id, {});
    armed.push(setTimeout(() => leases.delete(id), 600_000 + id));
  }
  expect(ownTimers()).toMatchObject([{ count: 50, collections: [{ name: 'leases', entries: 50 }] }]);
});

test('entries show until when they are kept, whatever the sweeper compares', () => {
  const tokens = new Map<string, { cookie: { expires: Date } }>();
  const drop = (now: number) => {
    for (const [id, { cookie }] of tokens) if (cookie.expires.getTime() < now) tokens.delete(id);
  };
  tokens.set('first', { cookie: { expires: new Date(Date.now() + 600_000) } });
  armed.push(setInterval(() => drop(Date.now()), 1_000));
  const [{ collections } = { collections: [] }] = ownTimers();
  expect(collections[0]!.name).toBe('tokens');
  expect(collections[0]!.expiresInMs).toBeGreaterThan(590_000);
});

test('code that only looks takes nothing away, and getters do not run', () => {
  const sessions = new Map([['first', {}]]);
  const metrics = {
    get size(): number {
      throw new Error('the code of a target ran');
    },
  };
  armed.push(setInterval(() => [sessions.size, metrics.size], 60_000));
  expect(ownTimers()).toMatchObject([{ collections: [] }]);
});
