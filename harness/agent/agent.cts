/**
 * Preloaded into a Node target (`node --require agent.cjs script`): answers plateau over a socket pair.
 * It must not disturb what it measures: nothing global is added to the target, nothing is kept per sample, and the
 * socket does not keep the target alive.
 */

import net from 'node:net';
import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import type { AgentHello, ListeningAddress, MetricValues } from '../model/agent-protocol.js' with {
  'resolution-mode': 'import',
};
import type { TimeReading } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { createCensus } from './census.cjs';
import { createCollector } from './collector.cjs';
import { createReadings } from './readings.cjs';

const agentDescriptor = 3;
const attributionVariable = 'PLATEAU_ATTRIBUTION';
const killDelayMs = 1_000;

type Handler = (params: never) => unknown;

/** How the process that hosts function modules adds its own requests; reached through `Symbol.for('plateau.agent')`. */
export interface AgentExtension {
  handle(method: string, handler: (params: never) => unknown): void;
  /** Keeps the process alive while plateau is there. */
  hold(): void;
}

if (isMainThread && process.env.PLATEAU_AGENT_PARENT === String(process.ppid)) install();

function install(): void {
  // What the target forks must not load the agent: it inherits both.
  delete process.env.PLATEAU_AGENT_PARENT;
  const preload = process.execArgv.indexOf(__filename);
  if (preload > 0) process.execArgv.splice(preload - 1, 2);

  const handlers = createHandlers();
  const socket = new net.Socket({ fd: agentDescriptor, readable: true, writable: true });
  socket.unref();
  socket.setEncoding('utf8');
  let pending = '';
  socket.on('data', (chunk: string) => {
    pending += chunk;
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 1);
      void answer(socket, handlers, line);
    }
  });
  socket.on('error', () => undefined);
  socket.on('close', endWithPlateau);
  const extension: AgentExtension = {
    handle(method, handler) {
      handlers.set(method, handler);
      awaited.get(method)?.(handler);
      awaited.delete(method);
    },
    hold: () => void socket.ref(),
  };
  Object.defineProperty(globalThis, Symbol.for('plateau.agent'), { value: extension, enumerable: false });
}

const awaited = new Map<string, (handler: Handler) => void>();

/** plateau may ask before the process that hosts function modules has loaded and added its requests. */
function handlerAdded(method: string): Promise<Handler> {
  return new Promise((resolve) => void awaited.set(method, resolve));
}

async function answer(socket: net.Socket, handlers: Map<string, Handler>, line: string): Promise<void> {
  const { id, method, params } = JSON.parse(line) as { id: number; method: string; params: never };
  let reply: object;
  try {
    const handler = handlers.get(method) ?? (await handlerAdded(method));
    reply = { id, result: (await handler(params)) ?? {} };
  } catch (error) {
    reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  socket.write(`${JSON.stringify(reply)}\n`);
}

/** plateau is gone, perhaps by SIGKILL: end this process and its group, first politely. */
function endWithPlateau(): void {
  const endGroup = () => {
    try {
      process.kill(-process.pid, 'SIGKILL');
    } catch {
      process.kill(process.pid, 'SIGKILL');
    }
  };
  setTimeout(endGroup, killDelayMs).unref();
  // Without a handler of the target's own, this ends the process at once.
  process.kill(process.pid, 'SIGTERM');
}

function createHandlers(): Map<string, Handler> {
  const collector = createCollector();
  const readings = createReadings();
  const census = createCensus();
  const planted: object[] = [];
  const handlers: Record<string, Handler> = {
    hello: (): AgentHello => ({
      pid: process.pid,
      node: process.version,
      v8: process.versions.v8,
      collectsGarbage: collector.selfTest(),
      censusAvailable: census.available(),
    }),
    listening: firstListeningAddress,
    floor: async ({
      maxReads,
      toleranceBytes,
    }: {
      maxReads: number;
      toleranceBytes: number;
    }): Promise<MetricValues> => {
      const settleReads = await collector.settle(maxReads, toleranceBytes);
      return { ...readings.floor(), settleReads };
    },
    load: () => readings.load(),
    idle: ({ windowMs }: { windowMs: number }) => readings.idle(windowMs),
    profile: ({ windowMs }: { windowMs: number }) => timeProfile(windowMs),
    'waiting.snapshot': ({ path }: { path: string }) => waitingCalls().takeWaitingSnapshot(path),
    'waiting.places': ({ ids }: { ids: number[] }) => waitingCalls().readWaitingPlaces(ids),
    pending: () => ({ resources: process.getActiveResourcesInfo().length }),
    census: () => census.take(),
    control: ({ action, objects }: { action: 'plant' | 'release'; objects: number }) => {
      if (action === 'release') planted.length = 0;
      else for (let index = 0; index < objects; index += 1) planted.push(createPlanted(index));
      return {};
    },
    heapLimit: () => ({ bytes: v8.getHeapStatistics().heap_size_limit }),
  };
  return new Map([...Object.entries(handlers), ...Object.entries(attributionHandlers())]);
}

/** The hooks that follow allocations and resources are loaded in the attribution pass only: they cost. */
function attributionHandlers(): Record<string, Handler> {
  if (process.env[attributionVariable] !== '1') return {};
  delete process.env[attributionVariable];
  const { installAttribution } = require('./attribution.cjs') as typeof import('./attribution.cjs');
  return installAttribution();
}

/** Loaded when it is asked for: most targets never are. */
function timeProfile(windowMs: number): Promise<TimeReading> {
  const { takeTimeProfile } = require('./time-profile.cjs') as typeof import('./time-profile.cjs');
  return takeTimeProfile(windowMs);
}

/** So is this: few targets hang. */
function waitingCalls(): typeof import('./waiting-calls.cjs') {
  return require('./waiting-calls.cjs') as typeof import('./waiting-calls.cjs');
}

/** 64 bytes of payload: eight fields of a tagged word each. */
function createPlanted(index: number): object {
  return { a: index, b: index, c: index, d: index, e: index, f: index, g: index, h: index };
}

interface ListeningServer {
  listening?: boolean;
  address?: () => { address: string; port: number } | string | null;
  /** Servers of `tls`, `https` and `http2` have it when they speak TLS. */
  setSecureContext?: unknown;
}

/** Node reports no server that starts to listen, so the handles are looked through until there is one. */
function firstListeningAddress(): Promise<ListeningAddress> {
  const { _getActiveHandles } = process as unknown as { _getActiveHandles(): ListeningServer[] };
  return new Promise((resolve) => {
    const look = () => {
      for (const handle of _getActiveHandles.call(process)) {
        const address = handle.listening === true ? handle.address?.() : undefined;
        if (typeof address === 'object' && address !== null) {
          clearInterval(timer);
          resolve({ host: address.address, port: address.port, secure: typeof handle.setSecureContext === 'function' });
          return;
        }
      }
    };
    const timer = setInterval(look, 5);
    timer.unref();
  });
}
