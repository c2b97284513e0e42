/**
 * Preloaded into a Node target (`node --require agent.cjs script`): answers plateau over a socket pair.
 * It must not disturb what it measures: nothing global is added to the target, nothing is kept per sample, and the
 * socket does not keep the target alive.
 */

import net from 'node:net';
import { setTimeout } from 'node:timers';
import { isMainThread } from 'node:worker_threads';
import type { ClockJump } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import { createHandlers } from './handlers.cjs';
import { type Handler, RequestServer } from './request-server.cjs';

const agentDescriptor = 3;
const virtualTimeVariable = 'PLATEAU_VIRTUAL_TIME';
const attributionVariable = 'PLATEAU_ATTRIBUTION';
const mallocReaderVariable = 'PLATEAU_MALLOC_READER';
const killDelayMs = 1_000;

/** How the process that hosts function modules adds its own requests; reached through `Symbol.for('plateau.agent')`. */
export interface AgentExtension {
  handle(method: string, handler: Handler): void;
  /** Keeps the process alive while plateau is there. */
  hold(): void;
}

if (isMainThread && process.env.PLATEAU_AGENT_PARENT === String(process.ppid)) install();

function install(): void {
  const attribution = process.env[attributionVariable] === '1';
  const virtualTime = process.env[virtualTimeVariable] === '1';
  const mallocReader = process.env[mallocReaderVariable];
  // What the target forks must not load the agent: it inherits all of them.
  delete process.env.PLATEAU_AGENT_PARENT;
  delete process.env[attributionVariable];
  delete process.env[virtualTimeVariable];
  delete process.env[mallocReaderVariable];
  const preload = process.execArgv.indexOf(__filename);
  if (preload > 0) process.execArgv.splice(preload - 1, 2);

  const handlers = {
    ...createHandlers({ hooks: attribution ? 'from-start' : undefined, mallocReader }),
    ...(virtualTime && virtualTimeHandlers()),
  };
  const socket = new net.Socket({ fd: agentDescriptor, readable: true, writable: true });
  socket.unref();
  const server = new RequestServer(socket, handlers);
  socket.on('close', endWithPlateau);
  const extension: AgentExtension = {
    handle: (method, handler) => server.handle(method, handler),
    hold: () => void socket.ref(),
  };
  Object.defineProperty(globalThis, Symbol.for('plateau.agent'), { value: extension, enumerable: false });
}

/** Before the target's code loads, which may keep the functions that show the time. */
function virtualTimeHandlers(): Record<string, Handler> {
  const virtualClocks = require('./virtual-clocks.cjs') as typeof import('./virtual-clocks.cjs');
  const clockJump = require('./clock-jump.cjs') as typeof import('./clock-jump.cjs');
  const clocks = virtualClocks.installVirtualClocks();
  return { 'clock.jump': (wanted: ClockJump) => clockJump.jump(clocks, wanted) };
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
