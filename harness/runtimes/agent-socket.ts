import { closeSync, constants, openSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as waitFor } from 'node:timers/promises';
import { RequestClient } from '../platform/request-client.js';

const pollMs = 20;

/** The agent in one process. */
export interface AgentSocket {
  readonly client: RequestClient;
  close(): void;
}

export interface AgentSearch {
  readonly timeoutMs: number;
  /** What to look at when the process does not answer. */
  readonly silenceHint: string;
  readonly isOver: () => boolean;
}

/**
 * Connects to the agent of a process, which may have been started or forked a moment ago.
 * @returns undefined when it has not opened its socket within `timeoutMs`, or `isOver` says so before
 */
export async function connectAgent(
  directory: string,
  pid: number,
  { timeoutMs, silenceHint, isOver }: AgentSearch,
): Promise<AgentSocket | undefined> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline && !isOver()) {
    const socket = await tryConnect(directory, pid);
    if (socket !== undefined) {
      return { client: new RequestClient(socket, silenceHint), close: () => socket.destroy() };
    }
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
