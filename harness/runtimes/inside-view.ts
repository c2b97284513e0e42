import type { MetricValues } from '../model/agent-protocol.js';
import { PlateauError, withHint } from '../model/errors.js';
import type { MemoryManagement } from '../model/run-log.js';
import type {
  ConnectContext,
  InsideView,
  ProcessFacts,
  Runtime,
  RuntimeConnection,
  RuntimeReading,
} from '../model/runtime.js';
import { thrownMessage } from '../model/thrown.js';
import { isRunning, type ProcessIdentity } from '../platform/process-identity.js';
import { hasEnded, readProcessStat } from '../platform/process-stat.js';
import { findProcessTree } from '../platform/process-tree.js';
import { CompleteSums, readFloor } from './complete-sums.js';
import { addValues, mergeReadings } from './merge-readings.js';
import { readExecutable, readProcessFacts } from './process-facts.js';

/** A process that lives and twice in a row does not answer ends the inside view: it would make every floor slow. */
const failuresMax = 2;

export interface InsideViewPlan {
  readonly root: ProcessIdentity;
  /** Look into all that the process has started too. */
  readonly wholeTree: boolean;
  readonly runId: string;
  readonly runtimes: readonly Runtime[];
  readonly context: ConnectContext;
  /** Takes what the user should know, in a sentence. */
  readonly warn: (message: string) => void;
}

/** A process of the tree that has been looked at. */
interface Member {
  readonly identity: ProcessIdentity;
  /** Absent where none is known to it. */
  readonly runtime: Runtime | undefined;
  /** Absent where no runtime is known to it, or where its runtime could not be connected. */
  readonly connected?: { readonly runtime: Runtime; readonly connection: RuntimeConnection };
  failures: number;
}

/** Connects the processes of a target that belong to a runtime. Call it when the target is ready. */
export async function openInsideView(plan: InsideViewPlan): Promise<InsideView> {
  const view = new ProcessTreeView(plan);
  await view.refresh();
  return view;
}

class ProcessTreeView implements InsideView {
  private readonly members = new Map<string, Member>();
  private readonly processesMax = new Map<string, number>();
  private readonly refusals = new Map<string, string>();
  private readonly sums = new CompleteSums();
  private isRecording = false;
  private isGivenUp = false;

  constructor(private readonly plan: InsideViewPlan) {}

  async floor(): Promise<MetricValues> {
    await this.refresh();
    const floors = await this.ask(readFloor);
    return floors === undefined ? {} : this.sums.add(floors);
  }

  async load(): Promise<MetricValues> {
    return addValues((await this.ask(async (connection) => (await connection.load?.()) ?? {})) ?? []);
  }

  async beginRecording(): Promise<void> {
    await this.refresh();
    this.isRecording = true;
    await this.ask(async (connection) => connection.beginRecording?.());
  }

  async evidence(options: { readonly isLast: boolean }): Promise<RuntimeReading | undefined> {
    await this.refresh();
    const answers = await this.ask((connection) => connection.evidence?.(options) ?? Promise.resolve(undefined));
    const readings = answers?.filter((reading) => reading !== undefined) ?? [];
    return readings.length === 0 ? undefined : mergeReadings(readings);
  }

  recognised(): { names: string[]; memory: MemoryManagement } {
    const seen = [...this.members.values()].map(({ runtime }) => runtime);
    const memory = new Set(seen.map((runtime) => runtime?.memory ?? 'unknown'));
    return {
      names: [...new Set(seen.flatMap((runtime) => runtime?.name ?? []))],
      memory: (['collected', 'unknown', 'manual'] as const).find((candidate) => memory.has(candidate)) ?? 'unknown',
    };
  }

  audit(): { check: string; ok: boolean; detail: string }[] {
    return [
      ...Array.from(this.processesMax, ([name, count]) => ({
        check: `inside-view:${name}`,
        ok: !this.isGivenUp,
        detail: this.isGivenUp
          ? 'a process stopped answering: later floors are seen from outside only'
          : `${count} ${count === 1 ? 'process was' : 'processes were'} looked into`,
      })),
      ...Array.from(this.refusals, ([name, detail]) => ({ check: `probe:inside-view:${name}`, ok: false, detail })),
      ...this.sums.audit(),
    ];
  }

  async close(): Promise<void> {
    for (const key of [...this.members.keys()]) await this.drop(key);
  }

  /** Follows the tree: forgets what has ended, connects what is new. What executes another program by now is new too. */
  async refresh(): Promise<void> {
    if (this.isGivenUp) return;
    const present = new Map(this.processes().map((identity) => [keyOf(identity), identity]));
    for (const key of [...this.members.keys()]) if (!present.has(key)) await this.drop(key);
    for (const [key, identity] of present) {
      if (this.members.has(key) || this.isCovered(identity.pid)) continue;
      const facts = readProcessFacts(identity.pid);
      const runtime = this.plan.runtimes.find((candidate) => candidate.detect(facts));
      const connected = runtime === undefined ? undefined : await this.connect(identity, runtime, facts);
      this.members.set(key, { identity, runtime, failures: 0, ...(connected !== undefined && { connected }) });
    }
    this.countProcesses();
  }

  private processes(): ProcessIdentity[] {
    const { root, runId, wholeTree } = this.plan;
    if (wholeTree) return findProcessTree(root, runId).filter((stat) => !hasEnded(stat));
    const stat = readProcessStat(root.pid);
    return stat === undefined || hasEnded(stat) ? [] : [stat];
  }

  private async connect(
    identity: ProcessIdentity,
    runtime: Runtime,
    facts: ProcessFacts,
  ): Promise<Member['connected']> {
    try {
      const connection = await runtime.connect(facts, this.plan.context);
      if (this.isRecording) await connection.beginRecording?.();
      return { runtime, connection };
    } catch (error) {
      if (isRunning(identity)) this.refuse(runtime, facts, error);
      return undefined;
    }
  }

  private refuse({ name }: Runtime, facts: ProcessFacts, error: unknown): void {
    if (this.refusals.has(name)) return;
    this.refusals.set(name, thrownMessage(error));
    const reason = error instanceof PlateauError ? withHint(error) : thrownMessage(error);
    this.plan.warn(`${commandOf(facts)} (${name}) is seen from outside only: ${reason}`);
  }

  private isCovered(pid: number): boolean {
    return this.connected().some(({ connection }) => connection.covers?.().includes(pid));
  }

  private connected(): NonNullable<Member['connected']>[] {
    return [...this.members.values()].flatMap(({ connected }) => connected ?? []);
  }

  /** Asks every process. @returns undefined as soon as one of them lives and does not answer */
  private async ask<Answer>(
    question: (connection: RuntimeConnection) => Promise<Answer>,
  ): Promise<Answer[] | undefined> {
    if (this.isGivenUp) return undefined;
    const answers: Answer[] = [];
    let isComplete = true;
    const asked = [...this.members].map(async ([key, member]) => {
      if (member.connected === undefined) return;
      try {
        answers.push(await question(member.connected.connection));
        member.failures = 0;
      } catch (error) {
        if (!isRunning(member.identity)) return this.drop(key);
        isComplete = false;
        this.fail(member, error);
      }
    });
    await Promise.all(asked);
    return isComplete ? answers : undefined;
  }

  private fail(member: Member, error: unknown): void {
    member.failures += 1;
    if (member.failures < failuresMax || this.isGivenUp) return;
    this.isGivenUp = true;
    const reason = thrownMessage(error);
    this.plan.warn(`process ${member.identity.pid} (${member.connected?.runtime.name}) no longer answers: ${reason}`);
  }

  private async drop(key: string): Promise<void> {
    const member = this.members.get(key);
    this.members.delete(key);
    await member?.connected?.connection.close().catch(() => undefined);
  }

  private countProcesses(): void {
    const counts = new Map<string, number>();
    for (const { runtime, connection } of this.connected())
      counts.set(runtime.name, (counts.get(runtime.name) ?? 0) + 1 + (connection.covers?.().length ?? 0));
    for (const [name, count] of counts) this.processesMax.set(name, Math.max(count, this.processesMax.get(name) ?? 0));
  }
}

function keyOf({ pid, startTime }: ProcessIdentity): string {
  return `${pid}/${startTime}/${readExecutable(pid) ?? ''}`;
}

const commandMax = 80;

function commandOf({ arguments: words, pid }: ProcessFacts): string {
  const command = words.join(' ');
  if (command === '') return `process ${pid}`;
  return `\`${command.length > commandMax ? `${command.slice(0, commandMax)}...` : command}\``;
}
