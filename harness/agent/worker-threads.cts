import { closeSync, openSync, writeSync } from 'node:fs';
import inspector from 'node:inspector';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers';
import type { MetricValues } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import type { SiteReading, SnapshotClocks, WorkerSnapshot } from '../model/attribution-protocol.js' with {
  'resolution-mode': 'import',
};
import { readSites, type SamplingProfile, sharesOf } from './attribution-sites.cjs';
import { snapshotFileMode } from './attribution-snapshot.cjs';
import { type Script, sourceMapUrlsOf } from './attribution-source-maps.cjs';
import { ask } from './inspector-session.cjs';
import { onLeave } from './leaving.cjs';
import { WorkerSession } from './worker-session.cjs';

interface WorkerThread {
  readonly id: string;
  readonly session: WorkerSession;
  readonly startedMs: number;
  /** What its heap had when it was first read. */
  firstBytes?: number;
  usedBytes?: number;
  grownBytes: number;
  /** It once did not answer, as one in native code does: it is not waited for again, and what it had then stands. */
  isSilent: boolean;
}

/** Each of them collects its garbage at each floor; pools that are larger have more of the same. */
const workersMax = 16;
/** Of so many workers there is a snapshot before it is known which of them leak. */
const snapshotsMax = 4;
const snapshotHeapBytesMax = 48 * 1024 * 1024;
/** The target's own clock may be moved on. */
const realNowMs = performance.now.bind(performance);
/** Nothing is sampled in practice. The profiler is on because it collects garbage before each of its answers. */
const neverBytes = 2 ** 30;
/** A pool that rests ends at once what it has too many of, and a worker takes some milliseconds to end. */
const calmMs = 50;
const calmMsMax = 500;
/**
 * While a session is open, V8 keeps the last 1,000 messages of `console` with their values. A service that writes one for each
 * error would seem to grow until so many have failed.
 */
const discardMessages = 'Runtime.discardConsoleEntries';

/**
 * The heaps of worker threads, seen from the main thread over the inspector. No code runs in a worker for that: a worker
 * of a pool idles in `Atomics.wait`, where evaluated code lets V8 forget that the worker is to end, or end the process.
 */
export class WorkerThreads {
  private readonly workers = new Map<string, WorkerThread>();
  private readBefore: ReadonlySet<WorkerThread> = new Set();
  private changedMs = 0;
  private hasWorkers = false;
  private intervalBytes = neverBytes;
  private readonly inSnapshots = new Set<WorkerThread>();
  /** Gone once the agent has left: a function is measured on after its hooks were removed. */
  private parent: inspector.Session | undefined;

  constructor() {
    this.parent = connect({
      began: (id, session) => {
        this.workers.set(id, { id, session, startedMs: realNowMs(), grownBytes: 0, isSilent: false });
        this.hasWorkers = true;
        this.changedMs = realNowMs();
      },
      ended: (id) => {
        this.workers.get(id)?.session.end();
        this.workers.delete(id);
        this.changedMs = realNowMs();
      },
      received: (id, message) => this.workers.get(id)?.session.receive(message),
    });
    onLeave(() => {
      this.parent?.disconnect();
      this.parent = undefined;
    });
  }

  /** From now on, what workers allocate is sampled. */
  async sampleEvery(intervalBytes: number): Promise<void> {
    this.intervalBytes = intervalBytes;
    await Promise.all(this.settled().map(({ session }) => restartSampling(session, intervalBytes)));
  }

  /** Collects garbage in each worker that was there at the reading before; reads nothing where there never was one. */
  async read(maxReads: number, toleranceBytes: number): Promise<MetricValues> {
    if (this.parent !== undefined) ask(this.parent, discardMessages);
    if (!this.hasWorkers) return {};
    await this.untilCalm();
    await Promise.all(this.settled().map((worker) => this.readHeap(worker, maxReads, toleranceBytes)));
    this.readBefore = new Set(this.workers.values());
    return { workerHeapUsed: this.grownBytes() };
  }

  async sites(): Promise<SiteReading> {
    const answers = await Promise.all(this.settled().map(({ session }) => collect(session)));
    return readSites(answers.flatMap((answer) => answer?.profile ?? []));
  }

  /** Writes heap snapshots of some workers, or of that one of them that keeps most of what was allocated since. */
  async snapshots(directory: string, name: string, of: 'some' | 'most'): Promise<WorkerSnapshot[]> {
    const read = this.settled();
    const profiles = await Promise.all(read.map(async ({ session }) => (await collect(session))?.profile));
    const shares = sharesOf(profiles);
    const kept = read.map((worker, index) => ({ worker, share: shares[index]! }));
    const small = kept
      .filter(({ worker }) => (worker.usedBytes ?? 0) <= snapshotHeapBytesMax)
      .sort((one, other) => other.share - one.share);
    const chosen =
      of === 'some'
        ? small.slice(0, snapshotsMax)
        : small.filter(({ worker }) => this.inSnapshots.has(worker)).slice(0, 1);
    const written = chosen.map(async ({ worker, share }): Promise<WorkerSnapshot | undefined> => {
      const path = join(directory, `${name}-${worker.id}.heapsnapshot`);
      if (!(await writeSnapshot(worker.session, path))) return undefined;
      this.inSnapshots.add(worker);
      return { path, worker: worker.id, clocks: clocksOf(worker), share };
    });
    return (await Promise.all(written)).filter((snapshot) => snapshot !== undefined);
  }

  async sourceMaps(): Promise<Record<string, string>> {
    const scripts = await Promise.all(this.settled().map(({ session }) => readScripts(session)));
    return sourceMapUrlsOf(scripts.flat());
  }

  private async readHeap(worker: WorkerThread, maxReads: number, toleranceBytes: number): Promise<void> {
    if (worker.firstBytes === undefined) await restartSampling(worker.session, this.intervalBytes);
    const usedBytes = await settleHeap(worker.session, maxReads, toleranceBytes);
    if (usedBytes === undefined) worker.isSilent = true;
    else {
      worker.usedBytes = usedBytes;
      worker.firstBytes ??= usedBytes;
      worker.grownBytes = usedBytes - worker.firstBytes;
    }
  }

  /** Those that were there at the reading before: what has just begun may end at any moment. */
  private settled(): WorkerThread[] {
    const isRead = (worker: WorkerThread) => this.readBefore.has(worker) && !worker.isSilent;
    return [...this.workers.values()].filter(isRead).slice(0, workersMax);
  }

  private grownBytes(): number {
    return [...this.workers.values()].reduce((sum, { grownBytes }) => sum + grownBytes, 0);
  }

  private async untilCalm(): Promise<void> {
    const deadlineMs = realNowMs() + calmMsMax;
    for (let leftMs = calmMs; leftMs > 0 && realNowMs() < deadlineMs; ) {
      leftMs = calmMs - (realNowMs() - this.changedMs);
      if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
    }
  }
}

interface WorkerEvents {
  began(id: string, session: WorkerSession): void;
  ended(id: string): void;
  received(id: string, message: string): void;
}

/** @returns undefined in a worker, which has no view of others, and where Node was built without an inspector */
function connect({ began, ended, received }: WorkerEvents): inspector.Session | undefined {
  if (typeof inspector.Session !== 'function') return undefined;
  const session = new inspector.Session();
  session.connect();
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => {
    began(
      sessionId,
      new WorkerSession((message) => ask(session, 'NodeWorker.sendMessageToWorker', { sessionId, message })),
    );
  });
  session.on('NodeWorker.detachedFromWorker', ({ params }) => ended(params.sessionId));
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => received(params.sessionId, params.message));
  try {
    ask(session, 'NodeWorker.enable', { waitForDebuggerOnStart: false });
    return session;
  } catch {
    session.disconnect();
    return undefined;
  }
}

async function restartSampling(session: WorkerSession, samplingInterval: number): Promise<void> {
  await session.ask('HeapProfiler.stopSampling');
  await session.ask('HeapProfiler.startSampling', { samplingInterval });
}

/** Collects garbage, which the profiler does before it answers. */
function collect(session: WorkerSession): Promise<{ profile: SamplingProfile } | undefined> {
  return session.ask('HeapProfiler.getSamplingProfile');
}

/** @returns undefined where the worker does not answer */
async function settleHeap(
  session: WorkerSession,
  maxReads: number,
  toleranceBytes: number,
): Promise<number | undefined> {
  let before = Number.POSITIVE_INFINITY;
  await session.ask(discardMessages);
  for (let read = 0; ; read += 1) {
    if ((await collect(session)) === undefined) return undefined;
    const usage = await session.ask<{ usedSize: number }>('Runtime.getHeapUsage');
    if (usage === undefined) return undefined;
    const { usedSize } = usage;
    if (Math.abs(before - usedSize) <= toleranceBytes || read >= maxReads) return usedSize;
    before = usedSize;
  }
}

function clocksOf({ startedMs }: WorkerThread): SnapshotClocks {
  return { dateMs: Date.now(), processMs: realNowMs() - startedMs };
}

const snapshotTimeoutMs = 60_000;

async function writeSnapshot(session: WorkerSession, path: string): Promise<boolean> {
  const file = openSync(path, 'wx', snapshotFileMode);
  const stop = session.listen<{ chunk: string }>('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    writeSync(file, chunk);
  });
  try {
    const parameters = { reportProgress: false, captureNumericValue: true };
    return (await session.ask('HeapProfiler.takeHeapSnapshot', parameters, snapshotTimeoutMs)) !== undefined;
  } finally {
    stop();
    closeSync(file);
  }
}

async function readScripts(session: WorkerSession): Promise<Script[]> {
  const scripts: Script[] = [];
  const stop = session.listen<Script>('Debugger.scriptParsed', (script) => void scripts.push(script));
  await session.ask('Debugger.enable');
  await session.ask('Debugger.disable');
  stop();
  return scripts;
}
