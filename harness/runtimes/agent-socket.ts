import { closeSync, constants, openSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as waitFor } from 'node:timers/promises';
import type { PlateauError } from '../model/errors.js';
import type { ConnectContext } from '../model/runtime.js';
import { identityOf, isRunning } from '../platform/process-identity.js';
import { RequestClient } from '../platform/request-client.js';

const pollMs = 20;

/** The agent in one process. */
export interface AgentSocket {
  readonly client: RequestClient;
  close(): void;
}

/** From the fork of a worker until its agent listens takes a millisecond; until a new interpreter has started, longer. */
const listenTimeoutMs = 5_000;

export interface AgentView<Connection> {
  /** What to look at when the process does not answer. */
  readonly silenceHint: string;
  /** Why the process has no agent, and what to do. */
  absent(): PlateauError;
  open(socket: AgentSocket): Promise<Connection>;
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
  const socket = { client: new RequestClient(stream, silenceHint), close: () => void stream.destroy() };
  try {
    return await open(socket);
  } catch (error) {
    socket.close();
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
