import { closeSync, constants, openSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as waitFor } from 'node:timers/promises';
import type { MetricValues } from '../model/agent-protocol.js';
import type { PlateauError } from '../model/errors.js';
import type { ConnectContext } from '../model/runtime.js';
import { identityOf, isRunning } from '../platform/process-identity.js';
import { RequestClient } from '../platform/request-client.js';

const pollMs = 20;

/** A collection of ten million objects takes some seconds. */
const answerTimeoutMs = 60_000;
const evidenceTimeoutMs = 180_000;
const stopTimeoutMs = 2_000;

/** The agent in one process. Every call may fail when the process ends. */
export class Agent {
  private readonly client: RequestClient;

  constructor(
    private readonly stream: net.Socket,
    silenceHint: string,
  ) {
    this.client = new RequestClient(stream, silenceHint);
  }

  /** Directories of the language's own library. */
  async standardDirectories(): Promise<readonly string[]> {
    const { library } = await this.ask<{ readonly library: readonly string[] }>('hello', {}, answerTimeoutMs);
    return library;
  }

  /** What it cannot read is NaN. */
  async floor(): Promise<MetricValues> {
    const answer = await this.ask<Record<string, number | null>>('floor', {}, answerTimeoutMs);
    return Object.fromEntries(Object.entries(answer).map(([metric, value]) => [metric, value ?? Number.NaN]));
  }

  /** Has it record from now on where objects are made. */
  async begin(): Promise<void> {
    await this.ask('begin', {}, evidenceTimeoutMs);
  }

  evidence<Reading>(options: object): Promise<Reading> {
    return this.ask('evidence', options, evidenceTimeoutMs);
  }

  /** Takes the agent out of a process that runs on. */
  async leave(): Promise<void> {
    await this.ask('stop', {}, stopTimeoutMs).catch(() => undefined);
  }

  close(): void {
    this.stream.destroy();
  }

  private ask<Answer>(method: string, params: object, timeoutMs: number): Promise<Answer> {
    return this.client.request<Answer>(method, params, { timeoutMs });
  }
}

/** From the fork of a worker until its agent listens takes a millisecond; until a new interpreter has started, longer. */
const listenTimeoutMs = 5_000;

export interface AgentView<Connection> {
  /** What to look at when the process does not answer. */
  readonly silenceHint: string;
  /** Why the process has no agent, and what to do. */
  absent(): PlateauError;
  open(agent: Agent): Promise<Connection>;
}

/**
 * Opens the view of an agent that listens at `<directory>/<pid>.socket`, in a process that may have been started or forked a
 * moment ago.
 * @throws what `absent` says, when it has not opened its socket in time or the process is over before
 */
export async function openAgent<Connection>(
  pid: number,
  { directory, signal }: Pick<ConnectContext, 'directory' | 'signal'>,
  { silenceHint, absent, open }: AgentView<Connection>,
): Promise<Connection> {
  const identity = identityOf(pid);
  const isOver = () => signal.aborted || identity === undefined || !isRunning(identity);
  const stream = await untilConnected(directory, pid, isOver);
  if (stream === undefined) throw absent();
  const agent = new Agent(stream, silenceHint);
  try {
    return await open(agent);
  } catch (error) {
    agent.close();
    throw error;
  }
}

async function untilConnected(directory: string, pid: number, isOver: () => boolean): Promise<net.Socket | undefined> {
  const deadlineMs = performance.now() + listenTimeoutMs;
  while (performance.now() < deadlineMs && !isOver()) {
    const stream = await tryConnect(directory, pid);
    if (stream !== undefined) return stream;
    await waitFor(pollMs);
  }
  return undefined;
}

/** The path of a socket may have 107 characters: that of an open directory is always short. */
async function tryConnect(directory: string, pid: number): Promise<net.Socket | undefined> {
  const descriptor = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await new Promise((resolve) => {
      const socket = net.connect(`/proc/self/fd/${descriptor}/${pid}.socket`);
      socket.once('connect', () => resolve(socket.removeAllListeners('error')));
      socket.once('error', () => resolve(undefined));
    });
  } finally {
    closeSync(descriptor);
  }
}
