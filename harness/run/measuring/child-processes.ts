import type { MetricValues } from '../../model/agent-protocol.js';
import { PlateauError, withHint } from '../../model/errors.js';
import type { RuntimePurpose } from '../../model/runtime.js';
import type { RunningTarget } from '../../model/target.js';
import type { Clock } from '../../platform/clock.js';
import { isNodeProcess } from '../../platform/node-process.js';
import { isRunning, type ProcessIdentity, processKey } from '../../platform/process-identity.js';
import { readProcFile } from '../../platform/process-stat.js';
import { readMemoryMap } from '../../sample/outside/memory-map.js';
import { type AttachedAgent, attachAgent } from '../../target/attach/attach-agent.js';
import { floorSettling } from './floor-settling.js';

/** More of them are a leak of processes, whatever each of them takes. */
const childrenMax = 16;
const commandMax = 40;
const answerTimeoutMs = 10_000;

/** What a child takes, in one of two ways. */
interface Meter {
  /** `childHeap` is live memory after a collection, `childPages` the private pages of what is no Node process. */
  readonly family: 'childHeap' | 'childPages';
  /** @returns undefined where it cannot be read now */
  read(): Promise<number | undefined>;
  close(): Promise<void>;
}

interface Child {
  readonly identity: ProcessIdentity;
  readonly command: string;
  readonly meter: Meter;
  firstBytes?: number;
}

export interface ChildProcessesPlan {
  /** Of the run, for what is opened in a child. */
  readonly ownerDirectory: string;
  readonly clock: Clock;
  /** Takes what the user should know, in a sentence. */
  readonly warn: (message: string) => void;
}

/**
 * Memory of the processes that a Node target has started: workers of a cluster, forked modules, helpers in other languages.
 * A child counts by what it has grown by since it was first seen, so that one more is no growth of memory.
 */
export class ChildProcesses {
  private readonly children = new Map<string, Child>();
  private readonly known = new Set<string>();
  private readonly refused = new Set<string>();

  constructor(private readonly plan: ChildProcessesPlan) {}

  /**
   * `childHeap.<command>` and `childPages.<command>`, B that all children of a command have grown by.
   * @param descendants of the target at the floor before: of a process that lives for less, nothing is asked
   */
  async floor(descendants: readonly ProcessIdentity[]): Promise<MetricValues> {
    await this.follow(descendants.filter(isRunning));
    const grown = (await Promise.all([...this.children.values()].map(growthOf))).flatMap((one) => one ?? []);
    const values: MetricValues = {};
    for (const { name } of grown) this.known.add(name);
    // A sum that lacks a child would be a step in the series.
    const silent = new Set(grown.filter(({ bytes }) => bytes === undefined).map(({ name }) => name));
    for (const name of this.known) if (!silent.has(name)) values[name] = 0;
    for (const { name, bytes = 0 } of grown) if (!silent.has(name)) values[name]! += bytes;
    return values;
  }

  async close(): Promise<void> {
    await Promise.all([...this.children.values()].map(({ meter }) => meter.close()));
    this.children.clear();
  }

  private async follow(present: readonly ProcessIdentity[]): Promise<void> {
    const keys = new Set(present.map(processKey));
    for (const [key, child] of this.children) if (!keys.has(key)) this.drop(key, child);
    // One after the other: each opens its inspector on the same port for a moment.
    for (const identity of present) {
      if (this.children.has(processKey(identity)) || this.children.size >= childrenMax) continue;
      const command = commandOf(identity.pid);
      const meter = isNodeProcess(identity.pid) ? await this.attached(identity, command) : pagesMeter(identity.pid);
      if (meter !== undefined) this.children.set(processKey(identity), { identity, command, meter });
    }
  }

  private drop(key: string, { meter }: Child): void {
    this.children.delete(key);
    meter.close().catch(() => undefined);
  }

  private async attached(identity: ProcessIdentity, command: string): Promise<Meter | undefined> {
    const { clock, ownerDirectory } = this.plan;
    try {
      return heapMeter(await attachAgent(identity.pid, { attribution: false, ownerDirectory, clock }));
    } catch (error) {
      if (!isRunning(identity)) return undefined;
      this.refuse(command, error as Error);
      return pagesMeter(identity.pid);
    }
  }

  /** Once for all children of a command. */
  private refuse(command: string, error: Error): void {
    if (this.refused.has(command)) return;
    this.refused.add(command);
    const reason = error instanceof PlateauError ? withHint(error) : error.message;
    this.plan.warn(`the child process \`${command}\` is seen from outside only: ${reason}`);
  }
}

/** @returns undefined of what is no Node target, and in the search for a cause */
export function openChildProcesses(
  { agent }: RunningTarget,
  { purpose, ...plan }: ChildProcessesPlan & { readonly purpose: RuntimePurpose },
): ChildProcesses | undefined {
  return agent === undefined || purpose !== 'measure' ? undefined : new ChildProcesses(plan);
}

interface ChildGrowth {
  readonly name: string;
  /** Absent where the child did not answer. */
  readonly bytes?: number;
}

async function growthOf(child: Child): Promise<ChildGrowth | undefined> {
  const { meter, command, identity } = child;
  const name = `${meter.family}.${command}`;
  const bytes = await meter.read();
  if (bytes === undefined) return isRunning(identity) ? { name } : undefined;
  child.firstBytes ??= bytes;
  return { name, bytes: bytes - child.firstBytes };
}

function heapMeter(agent: AttachedAgent): Meter {
  return {
    family: 'childHeap',
    async read() {
      const values = await agent.request('floor', floorSettling, { timeoutMs: answerTimeoutMs }).catch(() => undefined);
      if (values === undefined) return undefined;
      const { heapUsed = 0, external = 0, heapCode = 0 } = values;
      return heapUsed + external - heapCode;
    },
    close: () => agent.leave(),
  };
}

function pagesMeter(pid: number): Meter {
  return {
    family: 'childPages',
    read: () => Promise.resolve(readMemoryMap(pid)?.ussBytes),
    close: () => Promise.resolve(),
  };
}

/** Program and script, `node worker.js`: further words may be secret, and differ from one worker to the next. */
function commandOf(pid: number): string {
  const [program = '', ...rest] = readProcFile(`/proc/${pid}/cmdline`)?.toString('utf8').split('\0') ?? [];
  const script = rest.find((word) => word !== '' && !word.startsWith('-')) ?? '';
  const command = [program, script].map((word) => word.slice(word.lastIndexOf('/') + 1)).join(' ');
  return command.trim().slice(0, commandMax) || 'process';
}
