import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readProcessFacts } from '../../harness/runtimes/process-facts.js';
import { debuggerObstacle, letIn } from '../../harness/runtimes/python/running-process.js';
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
      message: expect.stringContaining('tile registers (AMX)'),
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

  it.runIf(hasDebugger && obstacle === undefined)('leaves by itself when plateau is gone without a word', async () => {
    const target = await startPython({ unprepared: true });
    const view = 'import os\nanswer = [len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))]';
    const before = await target.execute(view);
    const directory = temporaryDirectory();
    const agentDirectory = fileURLToPath(new URL('../../harness/runtimes/python/agent', import.meta.url));
    await letIn(readProcessFacts(target.pid), { directory, agentDirectory });
    const socket = connect(`${directory}/${target.pid}.socket`);
    socket.write('{"id":1,"method":"hello","params":{}}\n');
    await once(socket, 'data');
    expect(await target.execute(view)).not.toEqual(before);
    socket.destroy();
    await expect.poll(() => target.execute(view)).toEqual(before);
  });

  it.runIf(hasDebugger && obstacle === undefined)('may be let in again by a process that forks later', async () => {
    const target = await startPython({ unprepared: true });
    await target.execute('answer = 1');
    await (await target.connect()).close();
    await (await target.connect()).close();
    const fork = 'import os\nchild = os.fork()\nif child == 0: os._exit(7)\nanswer = os.waitpid(child, 0)[1] >> 8';
    expect(await target.execute(fork)).toBe(7);
  });

  it.runIf(hasDebugger && obstacle === undefined)('is let into a process at work where that waits', async () => {
    const target = await startPython({ unprepared: true });
    await target.execute('answer = 1');
    const work = `
import sys, time
work, turn = {}, 0
while '_plateau_agent' not in sys.modules:
    turn += 1
    work[turn % 1000] = [str(turn)] * 3
    if turn % 500 == 0: time.sleep(0.0005)
answer = len(work) > 0`;
    const worked = target.execute(work);
    const connection = await target.connect();
    expect(await worked).toBe(true);
    expect((await connection.floor()).heapUsed).toBeGreaterThan(1_000_000);
  });
});
