import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EntryExpiry } from '../../harness/model/run-log.js';
import { debuggerObstacle } from '../../harness/runtimes/python/running-process.js';
import { hasPython } from '../support/python-judgement.js';
import { startPython } from '../support/python-process.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const hasDebugger = spawnSync('gdb', ['--version']).status === 0;
const obstacle = await debuggerObstacle();

describe.runIf(hasPython)('the agent in a Python process', () => {
  it('counts live blocks and bytes exactly, small and large ones', async () => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute('kept = []');
    await connection.floor();
    const before = await connection.floor();
    // 48 B each with its header; the list has room for them already.
    await target.execute('kept.extend(range(100000)); kept[:] = [bytes(15) for _ in range(10000)]');
    const small = await connection.floor();
    await target.execute('kept[:] = [bytes(100_000)]');
    const large = await connection.floor();
    await target.execute('kept.clear()');
    const after = await connection.floor();
    expect(small.objects! - before.objects!).toBeGreaterThan(9_950);
    expect(small.objects! - before.objects!).toBeLessThan(10_050);
    expect((small.heapUsed! - before.heapUsed!) / 10_000).toBeGreaterThan(47);
    expect(large.heapUsed! - after.heapUsed!).toBeGreaterThan(99_000);
    expect(large.heapUsed! - after.heapUsed!).toBeLessThan(110_000);
    expect(Math.abs(after.objects! - before.objects!)).toBeLessThan(50);
  });

  it('collects cycles, unless the target itself never does', async () => {
    const target = await startPython();
    const connection = await target.connect();
    const plant = 'import gc\nfor _ in range(1000):\n    cycle = []\n    cycle.append(cycle)\ndel cycle';
    await connection.floor();
    const before = await connection.floor();
    await target.execute(plant);
    expect(Math.abs((await connection.floor()).objects! - before.objects!)).toBeLessThan(50);
    await target.execute(`import gc\ngc.disable()\n${plant}`);
    expect((await connection.floor()).objects! - before.objects!).toBeGreaterThan(1_900);
  });

  it('is not seen by the target: neither among its modules’ paths nor among its threads', async () => {
    const target = await startPython();
    await target.connect();
    const seen = await target.execute(
      'import os, sys, threading\nanswer = [len(threading.enumerate()), [p for p in sys.path if p and "python" in os.listdir(os.path.dirname(p) or "/") and os.path.exists(p + "/_plateau_agent")]]',
    );
    expect(seen).toEqual([1, []]);
  });

  it('hands over to the sitecustomize that the target has of its own', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'sitecustomize.py'), 'import builtins\nbuiltins.customised = __name__\n');
    const target = await startPython({ environment: { PYTHONPATH: directory } });
    await target.connect();
    expect(await target.execute('import sitecustomize\nanswer = [customised, sitecustomize.__file__]')).toEqual([
      'sitecustomize',
      join(directory, 'sitecustomize.py'),
    ]);
  });

  it('answers for a forked child, which counts its own memory', async () => {
    const target = await startPython();
    await (await target.connect()).floor();
    const child = (await target.execute(
      'import os, time\nanswer = os.fork()\nif answer == 0:\n    mine = [bytes(1000) for _ in range(10000)]\n    time.sleep(300)\n    os._exit(0)',
    )) as number;
    const connection = await target.connect(child);
    await expect.poll(async () => (await connection.floor()).heapUsed).toBeGreaterThan(10_000_000);
    await target.execute(`import signal\nos.kill(${child}, signal.SIGKILL)\nos.waitpid(${child}, 0)`);
    await expect(connection.floor()).rejects.toThrow('ended');
  });

  it('answers for a child that is forked while the agent is being loaded', async () => {
    const target = await startPython();
    // Without a lock the fork comes in the middle of the import, which waits for it as long as it needs.
    await target.execute(
      `import os, sys, threading, time
loading, forked = threading.Event(), threading.Event()
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "_plateau_agent.memory":
            loading.set()
            forked.wait(1)
sys.meta_path.insert(0, Finder())
def fork(children, loading, forked, os, time):
    loading.wait()
    child = os.fork()
    if child == 0:
        time.sleep(300)
        os._exit(0)
    children.append(child)
    forked.set()
children = []
forking = threading.Thread(target=fork, args=(children, loading, forked, os, time))
forking.start()`,
    );
    await target.connect();
    const child = (await target.execute('forking.join()\nanswer = children[0]')) as number;
    onTestFinished(() => void process.kill(child, 'SIGKILL'));
    expect((await (await target.connect(child)).floor()).objects).toBeGreaterThan(1_000);
  });

  it('does not count names that were looked up last, which the interpreter keeps for speed', async () => {
    const target = await startPython();
    const connection = await target.connect();
    const look = 'for number in range(2000): hasattr(answer, "no_%d" % number)';
    await target.execute(look);
    await connection.floor();
    const before = await connection.floor();
    await target.execute(look);
    expect(Math.abs((await connection.floor()).objects! - before.objects!)).toBeLessThan(50);
  });

  it('tries a measure again that failed its test at the floor before', async () => {
    const target = await startPython();
    const connection = await target.connect();
    await target.execute(
      'from _plateau_agent import memory\nworking = memory._succeeds\nmemory._succeeds = lambda attempt: False',
    );
    expect((await connection.floor()).heapUsed).toBeNaN();
    await target.execute('memory._succeeds = working');
    expect((await connection.floor()).heapUsed).toBeGreaterThan(1_000_000);
  });

  it('counts tasks that have not ended', async () => {
    const target = await startPython();
    const connection = await target.connect();
    expect((await connection.floor()).tasks).toBeUndefined();
    await target.execute(
      'import asyncio\nloop = asyncio.new_event_loop()\nforever = [loop.create_task(asyncio.sleep(3600)) for _ in range(5)]\nloop.run_until_complete(asyncio.sleep(0))',
    );
    expect((await connection.floor()).tasks).toBe(5);
  });

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
    expect(await expiryOf(name)).toBeUndefined();
  });

  it.each(['-I', '-E', '-S', '-uI'])('refuses with the reason where Python was started with %s', async (option) => {
    const target = await startPython({ options: [option] });
    await target.execute('answer = 1');
    await expect(target.connect()).rejects.toMatchObject({
      code: 'PLATEAU_NO_INSIDE_VIEW',
      hint: expect.stringMatching(/^start it without -[IES] for the soak$/),
    });
  });

  it.runIf(obstacle !== undefined)('names a gdb that cannot let it in on this machine', async () => {
    const target = await startPython({ unprepared: true });
    await expect(target.connect()).rejects.toMatchObject({
      code: 'PLATEAU_NO_INSIDE_VIEW',
      message: expect.stringContaining('tile registers (AMX); gdb 14 does'),
    });
  });

  it.runIf(hasDebugger && obstacle === undefined)(
    'is let into a process that runs, and leaves it without a thread or a socket',
    async () => {
      const target = await startPython({ unprepared: true });
      const view = 'import os\nanswer = [len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))]';
      const before = await target.execute(view);
      const connection = await target.connect();
      expect((await connection.floor()).heapUsed).toBeGreaterThan(1_000_000);
      await connection.close();
      await expect.poll(() => target.execute(view)).toEqual(before);
    },
  );
});

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

async function expiryOf(name: string): Promise<EntryExpiry | undefined> {
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
