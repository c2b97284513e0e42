import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { attributeModule } from '../support/attribution-bench.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What is known of the time that entries are kept for which a module of this source adds, one a cycle. */
async function expiriesOf(source: string) {
  const directory = temporaryDirectory();
  const module = path.join(directory, 'driver.mjs');
  writeFileSync(module, `${source}\nexport const iterate = (cycle) => keep("key " + cycle);\n`);
  const plan = { cycles: 3_000, driveMs: 300, directory: path.join(directory, 'attribution') };
  const { expiring } = await attributeModule({ module, variant: 'leaky', growth: { heapUsed: 200 }, ...plan });
  return expiring ?? [];
}

const text = '("text " + key).repeat(5)';
const halfHour = '30 * 60_000';

const timed: Readonly<Record<string, readonly [name: string, source: string]>> = {
  'a time to come': [
    'goneAt',
    `const quotes = new Map();
     const keep = (key) => quotes.set(key, { text: ${text}, goneAt: Date.now() + ${halfHour} });`,
  ],
  'a date within an entry': [
    'cookie.expires',
    `const sessions = new Map();
     const keep = (key) => sessions.set(key, { text: ${text}, cookie: { expires: new Date(Date.now() + ${halfHour}) } });`,
  ],
  'seconds since 1970': [
    'exp',
    `const tokens = new Map();
     const keep = (key) => tokens.set(key, { text: ${text}, exp: Math.floor(Date.now() / 1000) + 1800 });`,
  ],
  'a time of the process': [
    'expiresAtMs',
    `const tokens = new Map();
     const keep = (key) => tokens.set(key, { text: ${text}, expiresAtMs: performance.now() + ${halfHour} });`,
  ],
  'a serialised session': [
    'expires',
    `const sessions = Object.create(null);
     const keep = (key) => {
       sessions[key] = JSON.stringify({ cookie: { path: '/', expires: new Date(Date.now() + ${halfHour}) }, key });
     };`,
  ],
  'how long an entry lives': [
    'ttl',
    `const records = new Map(); const keep = (key) => records.set(key, { text: ${text}, ttl: ${halfHour} });`,
  ],
  'a field of what owns them': [
    '#ttlMs',
    `class Cache {
       #ttlMs; #entries = new Map();
       constructor(ttlMs) { this.#ttlMs = ttlMs; }
       set(key, text) { this.#entries.set(key, { text, at: performance.now() }); }
       get(key) {
         const entry = this.#entries.get(key);
         return entry !== undefined && performance.now() - entry.at < this.#ttlMs ? entry.text : undefined;
       }
     }
     const cache = new Cache(${halfHour}); const keep = (key) => cache.set(key, ${text});`,
  ],
  'a constant beside entries that say since when they are there': [
    'SESSION_TTL',
    `const SESSION_TTL = ${halfHour}; const sessions = new Map();
     const isOld = ({ at }) => Date.now() - at > SESSION_TTL;
     const keep = (key) => {
       for (const [other, session] of sessions) if (isOld(session)) sessions.delete(other); else break;
       sessions.set(key, { text: ${text}, at: Date.now() });
     };`,
  ],
};

it.each(Object.entries(timed))('reads how long entries are kept from %s', async (_kind, [name, source]) => {
  const [expiry] = await expiriesOf(source);
  expect(expiry?.name).toBe(name);
  expect(expiry?.inMs).toBeGreaterThan(29 * 60_000);
  expect(expiry?.inMs).toBeLessThanOrEqual(30 * 60_000);
  expect(expiry?.shares.heapUsed).toBeGreaterThan(0.5);
  expect(expiry?.location?.file).toContain('driver.mjs');
});

it('a timer goes when it fires, however late the first of its duration is due', async () => {
  const source = (start: string) => `const noted = []; const wait = (key) => () => noted.push(key);
    const keep = (key) => ${start}(wait(key), ${halfHour}).unref();`;
  const [timer] = await expiriesOf(source('setTimeout'));
  expect(timer).toMatchObject({ name: 'setTimeout', inMs: 30 * 60_000 });
  expect(await expiriesOf(source('setInterval'))).toEqual([]);
});

it.each([
  ['when it came', '{ text, at: new Date(), seen: Date.now() }'],
  ['numbers that are no times', '{ text, timeout: 30_000, age: 42, size: 1800, exponent: 3 }'],
  ['a time that is over', '{ text, expiresAt: Date.now() - 1_000 }'],
])('takes %s for no time that an entry is kept for', async (_kind, entry) => {
  const source = `const REQUEST_TIMEOUT = 30_000; const entries = new Map();
    const keep = (key) => { const text = ${text}; if (text.length < REQUEST_TIMEOUT) entries.set(key, ${entry}); };`;
  expect(await expiriesOf(source)).toEqual([]);
});
