import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findInspector } from '../../harness/platform/inspector/open-inspector.js';
import {
  formatOwnerMark,
  identityOf,
  isRunning,
  ownIdentity,
  type ProcessIdentity,
} from '../../harness/platform/process-identity.js';
import { createRunTemporaryDirectory, readOwnership } from '../../harness/platform/run-temporary-directory.js';
import { sweepOrphans } from '../../harness/platform/sweep-orphans.js';

const fixture = fileURLToPath(new URL('../fixtures/orphan-owner.mjs', import.meta.url));
const patience = { termTimeoutMs: 500 };

class Owner {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;

  constructor() {
    this.child = spawn(process.execPath, [fixture], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.reader = createInterface({ input: this.child.stdout! });
    this.lines = this.reader[Symbol.asyncIterator]();
    onTestFinished(() => this.kill());
  }

  get identity(): ProcessIdentity {
    return identityOf(this.child.pid!)!;
  }

  /** Starts a process that outlives the owner; nested ones give two. */
  async start(shape: string, mark?: string): Promise<ProcessIdentity> {
    this.child.stdin!.write(`${JSON.stringify({ shape, mark })}\n`);
    return this.next();
  }

  async next(): Promise<ProcessIdentity> {
    const { value } = await this.lines.next();
    const identity = identityOf(Number(value))!;
    onTestFinished(() => {
      if (isRunning(identity)) process.kill(identity.pid, 'SIGKILL');
    });
    return identity;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
    this.reader.close();
  }
}

/** A Node process that runs, and has its inspector open. */
async function startDebugged(): Promise<ProcessIdentity> {
  const script = 'setInterval(() => undefined, 1000)';
  const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stderr, 'data');
  child.stderr.resume();
  return identityOf(child.pid!)!;
}

/** What a plateau of that identity would have left in a temporary directory of its own. */
function leaveDirectory(owner: ProcessIdentity, processes: readonly ProcessIdentity[] = [], changes: object = {}) {
  const root = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const { path } = createRunTemporaryDirectory('left', root);
  const ownership = { ...readOwnership(path), ...owner, processes, ...changes };
  writeFileSync(join(path, 'owner.json'), JSON.stringify(ownership));
  return { root, path };
}

describe.runIf(process.platform === 'linux')('sweepOrphans', () => {
  it.each(['child', 'ownSession', 'doubleFork', 'deaf', 'stopped', 'withoutEnvironment'])(
    'ends what a killed plateau left: %s',
    async (shape) => {
      const owner = new Owner();
      const survivor = await owner.start(shape);
      await owner.kill();
      expect(isRunning(survivor)).toBe(true);
      await sweepOrphans(patience);
      expect(isRunning(survivor)).toBe(false);
    },
  );

  it('ends a plateau under soak and what it started, though it does not listen to SIGTERM', async () => {
    const owner = new Owner();
    const [inner, target] = [await owner.start('nested'), await owner.next()];
    await owner.kill();
    await sweepOrphans(patience);
    expect([inner, target].filter(isRunning)).toEqual([]);
  });

  it('leaves a living plateau and all of its processes alone', async () => {
    const owner = new Owner();
    const processes = [
      await owner.start('child'),
      await owner.start('doubleFork'),
      await owner.start('nested'),
      await owner.next(),
    ];
    const { root, path } = leaveDirectory(owner.identity);
    expect(await sweepOrphans({ ...patience, temporaryRoot: root })).not.toContainEqual(
      expect.objectContaining({ path }),
    );
    expect(processes.filter(isRunning)).toEqual(processes);
    expect(existsSync(path)).toBe(true);
  });

  it('leaves alone what has no mark, and marks that it cannot judge', async () => {
    const owner = new Owner();
    const dead = { ...ownIdentity(), startTime: 1 };
    const elsewhere = formatOwnerMark('elsewhere', { ...dead, pidNamespace: '1' });
    const processes = [
      await owner.start('onlyRecorded'),
      await owner.start('child', elsewhere),
      await owner.start('child', 'nonsense'),
    ];
    await owner.kill();
    await sweepOrphans(patience);
    expect(processes.filter(isRunning)).toEqual(processes);
  });

  it('takes a process that has the pid of the owner by now for another', async () => {
    const owner = new Owner();
    const reused = formatOwnerMark('reused', { ...ownIdentity(), startTime: ownIdentity().startTime - 1 });
    const survivor = await owner.start('child', reused);
    await owner.kill();
    await sweepOrphans(patience);
    expect(isRunning(survivor)).toBe(false);
  });

  it('ends what was recorded, whatever became of its environment, and removes the directory', async () => {
    const owner = new Owner();
    const survivor = await owner.start('onlyRecorded');
    const { root, path } = leaveDirectory(owner.identity, [survivor]);
    await owner.kill();
    const swept = await sweepOrphans({ ...patience, temporaryRoot: root });
    expect(swept).toContainEqual({ kind: 'process', runId: 'left', pid: survivor.pid, name: 'sleep', gone: true });
    expect(swept).toContainEqual({ kind: 'directory', runId: 'left', path, gone: true });
    expect(isRunning(survivor)).toBe(false);
    expect(existsSync(path)).toBe(false);
  });

  it('closes the inspector that it has had opened in a process that is not its own, and no other', async () => {
    const [opened, debugged] = await Promise.all([startDebugged(), startDebugged()]);
    const { root, path } = leaveDirectory({ ...ownIdentity(), startTime: 1 }, [], {
      opened: [{ ...opened, what: 'inspector' }],
    });
    const swept = await sweepOrphans({ ...patience, temporaryRoot: root });
    expect(swept).toContainEqual({ kind: 'inspector', runId: 'left', pid: opened.pid, gone: true });
    await expect.poll(() => findInspector(opened.pid)).toBeUndefined();
    expect(await findInspector(debugged.pid)).toMatch(/^ws:/);
    expect([isRunning(opened), existsSync(path)]).toEqual([true, false]);
  });

  it('does not end a later process of a recorded pid', async () => {
    const owner = new Owner();
    const bystander = await owner.start('onlyRecorded');
    const { root, path } = leaveDirectory(owner.identity, [{ ...bystander, startTime: bystander.startTime - 1 }]);
    await owner.kill();
    await sweepOrphans({ ...patience, temporaryRoot: root });
    expect(isRunning(bystander)).toBe(true);
    expect(existsSync(path)).toBe(false);
  });

  it('believes the records of an earlier boot for the directory, not for processes', async () => {
    const owner = new Owner();
    const bystander = await owner.start('onlyRecorded');
    const earlier = leaveDirectory(owner.identity, [bystander], { bootId: 'an-earlier-boot' });
    await sweepOrphans({ ...patience, temporaryRoot: earlier.root });
    expect([isRunning(bystander), existsSync(earlier.path)]).toEqual([true, false]);
  });

  it('leaves alone the directory of another machine', async () => {
    const { root, path } = leaveDirectory(ownIdentity(), [], { bootId: 'another-boot', host: `not-${hostname()}` });
    await sweepOrphans({ ...patience, temporaryRoot: root });
    expect(existsSync(path)).toBe(true);
  });

  it('may run twice at once', async () => {
    const owner = new Owner();
    const survivors = [await owner.start('deaf'), await owner.start('doubleFork')];
    const { root, path } = leaveDirectory(owner.identity);
    await owner.kill();
    const options = { ...patience, temporaryRoot: root };
    const sweeps = await Promise.all([sweepOrphans(options), sweepOrphans(options)]);
    expect(survivors.filter(isRunning)).toEqual([]);
    expect(existsSync(path)).toBe(false);
    expect(sweeps.flat().filter(({ gone }) => !gone)).toEqual([]);
  });

  it('does not end the plateau that sweeps, though it has the mark of a dead one itself', async () => {
    const owner = new Owner();
    const dead = formatOwnerMark('dead', { ...ownIdentity(), startTime: 1 });
    const module = new URL('../../harness/platform/sweep-orphans.ts', import.meta.url).pathname;
    const script = `import { sweepOrphans } from ${JSON.stringify(module)}; await sweepOrphans(); console.log('survived');`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, PLATEAU_OWNER: dead },
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(Buffer.concat(output).toString()).toBe('survived\n');
    await owner.kill();
  });

  it('removes nothing that is not a run directory', async () => {
    const root = mkdtempSync(join(tmpdir(), 'plateau-test-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    writeFileSync(join(root, 'plateau-notes'), 'mine');
    expect(
      (await sweepOrphans({ ...patience, temporaryRoot: root })).filter(({ kind }) => kind === 'directory'),
    ).toEqual([]);
    expect(readFileSync(join(root, 'plateau-notes'), 'utf8')).toBe('mine');
  });
});
