import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { attributeModule } from '../support/attribution-bench.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What is known of the limits of what a module of this source fills, one entry a cycle. */
async function boundsOf(source: string) {
  const directory = temporaryDirectory();
  const module = path.join(directory, 'driver.mjs');
  const driver =
    'export const iterate = (cycle) => keep("key " + cycle, { cycle, text: ("text " + cycle).repeat(20) });';
  writeFileSync(module, `${source}\n${driver}\n`);
  const plan = { cycles: 3_000, driveMs: 300, directory: path.join(directory, 'attribution') };
  const { bounded } = await attributeModule({ module, variant: 'leaky', growth: { heapUsed: 300 }, ...plan });
  return bounded ?? [];
}

const full = 'if (entries.size >= MAX) entries.delete(entries.keys().next().value); entries.set(key, value)';

const limited: Readonly<Record<string, readonly [name: string, source: string]>> = {
  'a constant of its module': [
    'MAX_SESSIONS',
    `const MAX_SESSIONS = 15_000; const sessions = new Map();
     const keep = (key, value) => { ${full.replaceAll('entries', 'sessions').replace('MAX', 'MAX_SESSIONS')} };`,
  ],
  'a private field': [
    '#max',
    `class Cache {
       #max = 15_000; #entries = new Map();
       keep(key, value) { ${full.replaceAll('entries', 'this.#entries').replace('MAX', 'this.#max')} }
     }
     const cache = new Cache(); const keep = (key, value) => cache.keep(key, value);`,
  ],
  'a symbol, as older caches have it': [
    'max',
    `const MAX = Symbol('max');
     class Cache {
       constructor() { this[MAX] = 15_000; this.entries = new Map(); }
       keep(key, value) { ${full.replaceAll('entries', 'this.entries').replace('MAX', 'this[MAX]')} }
     }
     const cache = new Cache(); const keep = (key, value) => cache.keep(key, value);`,
  ],
  'an option': [
    'options.maxEntries',
    `class Cache {
       constructor(options) { this.options = options; this.entries = new Map(); }
       keep(key, value) { ${full.replaceAll('entries', 'this.entries').replace('MAX', 'this.options.maxEntries')} }
     }
     const cache = new Cache({ maxEntries: 15_000 }); const keep = (key, value) => cache.keep(key, value);`,
  ],
  'a variable of a function': [
    'max',
    `function createCache({ max }) { const entries = new Map(); return (key, value) => { ${full.replace('MAX', 'max')} }; }
     const keep = createCache({ max: 15_000 });`,
  ],
  'a constant beside its class': [
    'CACHE_SIZE',
    `const CACHE_SIZE = 15_000;
     class Cache {
       entries = new Map();
       keep(key, value) { ${full.replaceAll('entries', 'this.entries').replace('MAX', 'CACHE_SIZE')} }
     }
     const cache = new Cache(); const keep = (key, value) => cache.keep(key, value);`,
  ],
  'a size that stays': [
    'size',
    `class Ring {
       constructor(size) { this.size = size; this.items = []; this.next = 0; }
       keep(key, value) { this.items[this.next] = value; this.next = (this.next + 1) % this.size; }
     }
     const ring = new Ring(15_000); const keep = (key, value) => ring.keep(key, value);`,
  ],
  'the length of an array that was made at once': [
    'length',
    `const slots = new Array(15_000).fill(undefined); let next = 0;
     const keep = (key, value) => { slots[next] = value; next = (next + 1) % slots.length; };`,
  ],
};

it.each(Object.entries(limited))('reads how much a collection may hold from %s', async (_kind, [name, source]) => {
  const [bound] = await boundsOf(source);
  expect(bound).toMatchObject({ name, entries: 15_000 });
  expect(bound?.entriesPerCycle).toBeCloseTo(1, 1);
  expect(bound?.shares.heapUsed).toBeGreaterThan(0.5);
});

const sized = 15_000 * 'text 12345'.length * 20;

it.each([
  [
    'a sum of sizes',
    'maxBytes',
    `class Cache {
       constructor() { this.maxBytes = ${sized}; this.totalBytes = 0; this.entries = new Map(); }
       keep(key, value) {
         this.totalBytes += value.text.length;
         this.entries.set(key, value);
         for (const [first, { text }] of this.entries) {
           if (this.totalBytes <= this.maxBytes) break;
           this.entries.delete(first);
           this.totalBytes -= text.length;
         }
       }
     }
     const cache = new Cache(); const keep = (key, value) => cache.keep(key, value);`,
  ],
  [
    'fields of a package that is minified, by its accessors',
    'maxSize',
    `import { LRUCache } from ${JSON.stringify(import.meta.resolve('lru-cache'))};
     const cache = new LRUCache({ maxSize: ${sized}, sizeCalculation: ({ text }) => text.length });
     const keep = (key, value) => cache.set(key, value);`,
  ],
])('reads how much a collection may hold from %s', async (_kind, name, source) => {
  const bounds = await boundsOf(source);
  expect(bounds[0]).toMatchObject({ name });
  // Texts have four to nine characters, twenty times over.
  expect(bounds[0]?.entries).toBeGreaterThan(15_000);
  expect(bounds[0]?.entries).toBeLessThan(30_000);
  expect(bounds[0]?.entriesPerCycle).toBeCloseTo(1, 1);
});

it('takes a limit of a sum that it has outgrown for no limit', async () => {
  const source = `class Registry {
      constructor() { this.maxBytes = 1_000; this.totalBytes = 0; this.entries = new Map(); }
      keep(key, value) { this.totalBytes += value.text.length; this.entries.set(key, value); }
    }
    const registry = new Registry(); const keep = (key, value) => registry.keep(key, value);`;
  expect(await boundsOf(source)).toEqual([]);
});

it('takes a limit of something else in its module for no limit', async () => {
  const source = `const MAX_SIZE = 1_000_000; const MAX_BODY_BYTES = 1_000_000; const sessions = new Map();
    const keep = (key, value) => {
      if (key.length > MAX_SIZE || key.length > MAX_BODY_BYTES) throw new Error(key);
      sessions.set(key, value);
    };`;
  expect(await boundsOf(source)).toEqual([]);
});

it.each([
  [
    'a number that limits something else',
    'this.maxAgeMs = 60_000; this.timeoutMs = 30_000; this.maxListeners = 99_000;',
  ],
  ['a count that grows with it', 'this.size = 1_000_000; this.count = 1;'],
  ['a limit that it has outgrown', 'this.max = 100;'],
])('takes %s for no limit', async (_kind, fields) => {
  const source = `class Registry {
      constructor() { ${fields} this.entries = new Map(); }
      keep(key, value) { this.size += 1; this.entries.set(key, value); }
    }
    const registry = new Registry(); const keep = (key, value) => registry.keep(key, value);`;
  expect(await boundsOf(source)).toEqual([]);
});
