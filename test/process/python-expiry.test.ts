import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EntryExpiry } from '../../harness/model/run-log.js';
import { hasPython } from '../support/python-judgement.js';
import { startPython } from '../support/python-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** A module whose containers get a hundred entries at a time. */
const shop = `import asyncio, datetime, time
timed, slept, swept, aged, written, asked, beats = {}, {}, {}, {}, {}, {}, []
AGE_SECONDS = 300

class Proxy:
    def __getattr__(self, name):
        raise RuntimeError("outside of a request")

request = Proxy()

def lapse(key):
    timed.pop(key, None)

async def forget(key):
    await asyncio.sleep(1800)
    slept.pop(key)

def sweep():
    now = time.time()
    for key in [key for key, entry in swept.items() if entry["expires_at"] < now]:
        del swept[key]

def sweep_by_age():
    for key in list(aged):
        if time.time() - aged[key]["since"] > AGE_SECONDS:
            aged.pop(key)

def find(key):
    if asked[key]["expires_at"] < time.time():
        del asked[key]

def beat(loop):
    beats.append(loop.call_later(30, beat, loop))

async def _fill(start, loop):
    for key in range(start, start + 100):
        loop.call_later(3600, lapse, key)
        loop.create_task(forget(key))
        timed[key], slept[key] = {"key": key}, {"key": key}
        aged[key] = {"key": 10 ** 400, "born": datetime.datetime.min, "since": time.time()}
        swept[key], written[key], asked[key] = [{"key": key, "expires_at": time.time() + 600} for _ in range(3)]
        beat(loop)
    await asyncio.sleep(0)

loop = asyncio.new_event_loop()

def fill(start):
    loop.run_until_complete(_fill(start, loop))
`;

async function expiryOf(name: string): Promise<EntryExpiry | null | undefined> {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'shop.py'), shop);
  const target = await startPython({ environment: { PYTHONPATH: directory } });
  const connection = await target.connect();
  await target.execute('import shop\nshop.fill(0)');
  await connection.beginRecording!();
  await target.execute('shop.fill(100)');
  await connection.evidence!({ isLast: false });
  await target.execute('shop.fill(200)');
  const { holders } = await connection.evidence!({ isLast: true });
  const holder = holders.find(({ description }) => description === `shop.${name}`);
  expect(holder).toMatchObject({ entries: 300 });
  return holder!.expiry;
}

describe.runIf(hasPython)('the agent in a Python process', () => {
  it.each([
    ['a timer of asyncio takes out', 'timed', 'call_later', 3_600],
    ['a task that sleeps takes out', 'slept', 'call_later', 1_800],
    ['a sweeper takes out by the time in them', 'swept', 'expires_at', 600],
    ['a sweeper takes out by their age', 'aged', 'AGE_SECONDS', 300],
  ])('says for how long entries are kept that %s', async (_, name, by, seconds) => {
    expect(await expiryOf(name)).toMatchObject({ name: by, inMs: expect.closeTo(seconds * 1_000, -5) });
  });

  it.each([
    ['a time that nobody looks at', 'written'],
    ['a time by which only the entry goes that is asked for', 'asked'],
    ['a timer that is armed again and again', 'beats'],
  ])('says nothing of entries with %s', async (_, name) => {
    expect(await expiryOf(name)).toBeNull();
  });
});
