import type { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';
import { CycleLoop } from '../drive/cycle-loop.js';
import type { HostedModule, MetricValues, RoundRequest } from '../model/agent-protocol.js';
import { createHandlers } from './handlers.cjs';
import { leave } from './leaving.cjs';
import { type Handler, RequestServer } from './request-server.cjs';
import { WorkerThreads } from './worker-threads.cjs';

/** What is driven in the process that called plateau, e.g. a test. */
export const attachedForm: HostedModule & { form: 'functions' } = {
  form: 'functions',
  paired: false,
  hasGauges: false,
  settleMs: 0,
};

/**
 * Makes this process the target: answers plateau over `stream` until that closes, and calls the function when it is asked to.
 * The hooks that find a cause are installed only when they are asked for, and taken away at the end.
 */
export function attachFunction(stream: Socket, call: (cycle: number) => unknown): void {
  const loop = new CycleLoop([{ name: 'call', weight: 1, create: call }]);
  const workers = new WorkerThreads();
  const hooks = new Hooks(workers);
  const handlers: Record<string, Handler> = {
    setup: () => undefined,
    round: (round: RoundRequest) => loop.drive(round),
    progress: () => loop.progress,
    teardown: () => hooks.remove(),
  };
  for (const method of hooks.methods) handlers[method] = (params: never) => hooks.answer(method, params);
  const usual = createHandlers({ realms: realmsOf(call), workers });
  new RequestServer(stream, { ...usual, ...(!isMainThread && { idle: ofThread(usual.idle!) }), ...handlers });
  stream.on('close', () => hooks.remove());
}

/** The CPU time of a process is not that of one of its threads. */
function ofThread(idle: Handler): Handler {
  return async (params) => {
    const { cpuIdle: _, ...own } = (await idle(params)) as MetricValues;
    return own;
  };
}

/** Test runners give tests a realm of their own, whose objects have another root than those of plateau. */
function realmsOf(call: object): object[] {
  let root = call;
  for (let link: object | null = call; link !== null; link = Object.getPrototypeOf(link) as object | null) root = link;
  return root === Object.prototype ? [root] : [Object.prototype, root];
}

class Hooks {
  readonly methods = [
    'attribution.start',
    'attribution.sites',
    'attribution.workerSites',
    'attribution.workerSnapshots',
    'attribution.resources',
    'attribution.snapshot',
    'attribution.sourceMaps',
  ] as const;
  private handlers: Record<string, Handler> | undefined;

  constructor(private readonly workers: WorkerThreads) {}

  async answer(method: string, params: never): Promise<unknown> {
    if (this.handlers === undefined) {
      const { installAttribution } = await import('./attribution.cjs');
      this.handlers = installAttribution('late', this.workers);
    }
    return this.handlers[method]?.(params);
  }

  remove(): void {
    leave();
    this.handlers = undefined;
  }
}
