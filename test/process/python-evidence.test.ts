import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasPython } from '../support/python-judgement.js';
import { startPython } from '../support/python-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe.runIf(hasPython)('the agent in a Python process', () => {
  it('names the line, the type and the holder of what stays alive', async () => {
    const target = await startPython();
    const connection = await target.connect();
    const start = 'class Session: pass\nsessions = {}\nlast = 0';
    await target.execute(`import __main__\n__main__.MAX_SESSIONS = 900\n${start}`);
    await connection.beginRecording!();
    const open = 'for _ in range(100):\n    sessions[last] = Session()\n    last += 1';
    await target.execute(open);
    await connection.evidence!({ isLast: false });
    await target.execute(open);
    const { sites, holders } = await connection.evidence!({ isLast: true });
    const holder = holders.find(({ path }) => path.some((step) => step.includes('sessions')));
    expect(holder).toMatchObject({ entries: 200, type: 'Session' });
    expect(holder!.numbers).toContainEqual({ name: 'MAX_SESSIONS', value: 900, isNear: false });
    // Each entry is a session and its key; what holds the names of the program holds the dictionary of both.
    const site = sites.find(({ stack, count }) => stack[0]!.line === 2 && count >= 200);
    expect(site).toMatchObject({ kind: 'allocation-site', what: expect.stringMatching(/^`(Session|int)` objects$/) });
    expect(holder!.key.startsWith(site!.heldBy!)).toBe(true);
  });

  it.each([
    ['takes out what is too much', 'sessions.pop(min(sessions))', [{ name: 'len(sessions)', value: 900 }]],
    ['takes out nothing', 'print("many")', []],
  ])('reads a limit from code that compares the length and %s', async (_, step, limits) => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute(`import __main__
class Session: pass
sessions, last = {}, 0
def keep():
    sessions[last] = Session()
    if len(sessions) > 900: ${step}
__main__.sessions, __main__.keep = sessions, keep`);
    await connection.beginRecording!();
    await target.execute('for last in range(100): keep()');
    const { holders } = await connection.evidence!({ isLast: true });
    const { numbers } = holders.find(({ path }) => path.some((part) => part.includes('sessions')))!;
    const compared = { isNear: true, isCompared: true };
    expect(numbers!.filter(({ isCompared }) => isCompared)).toEqual(limits.map((limit) => ({ ...limit, ...compared })));
  });

  it('names dictionaries of texts and numbers, of a module and of an object, in each reading', async () => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute(`import __main__
class Cache:
    def __init__(self): self.asked = {}
__main__.cache, __main__.seen = Cache(), {}`);
    await connection.beginRecording!();
    const fill =
      'for names in (__main__.cache.asked, __main__.seen):\n    for _ in range(100): names[len(names)] = "text"';
    for (const isLast of [false, false]) {
      await target.execute(fill);
      await connection.evidence!({ isLast });
    }
    await target.execute(fill);
    const { holders } = await connection.evidence!({ isLast: true });
    const named = Object.fromEntries(holders.map(({ description, entries }) => [description, entries]));
    expect(named).toMatchObject({ '-c.cache.asked': 300, '-c.seen': 300 });
  });

  it.each([
    ['a set, which has no order', 'set()', 'add(Session())'],
    ['a deque that grows at the front', 'collections.deque()', 'appendleft(Session())'],
  ])('names %s, among many entries that were there before', async (_, container, addition) => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute(`import collections
class Session: pass
sessions = ${container}
for _ in range(5000): sessions.${addition}`);
    await connection.beginRecording!();
    const open = `for _ in range(100):\n    sessions.${addition}`;
    await target.execute(open);
    await connection.evidence!({ isLast: false });
    await target.execute(open);
    const { sites } = await connection.evidence!({ isLast: true });
    const site = sites.find(({ stack, count }) => stack[0]!.line === 2 && count >= 200);
    expect(site).toMatchObject({ heldBy: expect.stringContaining('sessions'), makesEntries: true });
  });

  it('names the line that makes the entries beside those that make what hangs on them', async () => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute(`failed, _ = [], 0
def price():
    rows = bytearray(4096)
    raise ValueError("no price")
def work():
    try:
        price()
    except ValueError as error:
        failed.append(error)`);
    await connection.beginRecording!();
    await target.execute('for _ in range(100): work()');
    await connection.evidence!({ isLast: false });
    await target.execute('for _ in range(100): work()');
    const { sites } = await connection.evidence!({ isLast: true });
    const held = sites.filter(({ heldBy }) => heldBy?.includes('failed'));
    const lines = (sites: typeof held) => new Set(sites.map(({ stack }) => stack[0]!.line));
    expect(lines(held.filter(({ makesEntries }) => makesEntries))).toEqual(new Set([4]));
    expect(lines(held)).toContain(3);
  });

  it('knows where tuples were made that take the memory of earlier ones, its own among them', async () => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute('refused, count = [], 0');
    await connection.beginRecording!();
    const refuse = 'for _ in range(100):\n    count += 1\n    refused.append((count, object()))';
    for (const isLast of [false, false, true]) {
      await target.execute(refuse);
      if (!isLast) await connection.evidence!({ isLast });
    }
    const { sites } = await connection.evidence!({ isLast: true });
    const made = sites.filter(({ stack, what }) => stack[0]!.line === 3 && what === '`tuple` objects');
    expect(made).toMatchObject([{ heldBy: expect.stringContaining('refused'), makesEntries: true }]);
    // Each tuple, and its object.
    expect(made[0]!.count).toBeGreaterThanOrEqual(590);
  });

  it('names the only line that adds to a container, and no small one for what another keeps', async () => {
    const cache = `class Cache:
    def __init__(self):
        self.recent, self.evicted = {}, set()

    def get(self, key):
        self.recent[key] = {"tags": [key + "a", key + "b"]}
        if len(self.recent) > 100:
            self.recent.pop(next(iter(self.recent)))
            self.evicted.add(key)

cache = Cache()

def fill(start):
    for number in range(start, start + 500):
        cache.get("key %d" % number)
`;
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'prices.py'), cache);
    const target = await startPython({ environment: { PYTHONPATH: directory } });
    const connection = await target.connect();
    await target.execute('import prices\nprices.fill(0)');
    await connection.beginRecording!();
    await target.execute('prices.fill(500)');
    await connection.evidence!({ isLast: false });
    await target.execute('prices.fill(1000)');
    const { holders, sites } = await connection.evidence!({ isLast: true });
    const evicted = holders.find(({ description }) => description === 'prices.cache.evicted');
    expect(evicted).toMatchObject({ entries: 1_400, addedAt: { line: 9, function: 'Cache.get', isOwn: true } });
    const keys = sites.find(({ stack, count }) => stack[0]!.line === 15 && count >= 900);
    expect(keys).toMatchObject({ heldBy: 'prices.cache.evicted' });
  });

  it('names the line that started a process which has not ended', async () => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute('import subprocess\nhelpers = []');
    await connection.beginRecording!();
    await target.execute(
      'for _ in range(3):\n    helpers.append(subprocess.Popen(["sleep", "300"]))\nsubprocess.Popen(["true"]).wait()',
    );
    const { sites } = await connection.evidence!({ isLast: true });
    await target.execute('for helper in helpers:\n    helper.kill()\n    helper.wait()');
    const started = sites.filter(({ kind }) => kind === 'process');
    expect(started).toMatchObject([{ what: 'child processes `sleep`', live: { children: 3 } }]);
    expect(started[0]!.stack.map(({ line }) => line)).toContain(2);
  });
});
