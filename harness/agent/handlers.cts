import v8 from 'node:v8';
import type { AgentHello, MetricValues } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import type { TimeReading } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };
import { createCensus } from './census.cjs';
import { createCollector } from './collector.cjs';
import type { HooksStart } from './leaving.cjs';
import { listeningAddresses } from './listening.cjs';
import { createReadings } from './readings.cjs';
import type { Handler } from './request-server.cjs';
import { WorkerThreads } from './worker-threads.cjs';

export interface HandlerSettings {
  /** Of the attribution pass, which cost. @defaultValue none */
  readonly hooks?: HooksStart | undefined;
  /** Where objects are counted, see {@link createCensus}. */
  readonly realms?: readonly object[];
  /** Of this process. */
  readonly workers?: WorkerThreads;
  /** File of the addon that reads what native code has allocated. */
  readonly mallocReader?: string | undefined;
}

/** What every agent answers. */
export function createHandlers({
  hooks,
  realms,
  workers = new WorkerThreads(),
  mallocReader,
}: HandlerSettings): Record<string, Handler> {
  const collector = createCollector();
  const readings = createReadings(mallocReader);
  const census = createCensus(realms);
  const planted: object[] = [];
  return {
    hello: (): AgentHello => ({
      pid: process.pid,
      node: process.version,
      v8: process.versions.v8,
      collectsGarbage: collector.selfTest(),
      censusAvailable: census.available(),
    }),
    listening: listeningAddresses,
    floor: async ({
      maxReads,
      toleranceBytes,
    }: {
      maxReads: number;
      toleranceBytes: number;
    }): Promise<MetricValues> => {
      // First, since their answers are garbage of the main thread.
      const heaps = await workers.read(maxReads, toleranceBytes);
      const settleReads = await collector.settle(maxReads, toleranceBytes);
      return { ...readings.floor(), ...heaps, settleReads };
    },
    load: () => readings.load(),
    idle: ({ windowMs }: { windowMs: number }) => readings.idle(windowMs),
    profile: ({ windowMs }: { windowMs: number }) => timeProfile(windowMs),
    'waiting.snapshot': ({ path }: { path: string }) => waitingCalls().takeWaitingSnapshot(path),
    'waiting.places': ({ ids }: { ids: number[] }) => waitingCalls().readWaitingPlaces(ids),
    pending: () => ({ resources: process.getActiveResourcesInfo().length }),
    'timers.pending': () => pendingTimers().readPendingTimers(),
    census: () => {
      // Loaded between two counts, its functions would be growth of the target.
      pendingTimers();
      return census.take();
    },
    control: ({ action, objects }: { action: 'plant' | 'release'; objects: number }) => {
      if (action === 'release') planted.length = 0;
      else for (let index = 0; index < objects; index += 1) planted.push(createPlanted(index));
      return {};
    },
    heapLimit: () => ({ bytes: v8.getHeapStatistics().heap_size_limit }),
    ...(hooks !== undefined && attributionHandlers(hooks, workers)),
  };
}

/** Loaded in the attribution pass only, as what follows is loaded when it is asked for: most targets never are. */
function attributionHandlers(hooks: HooksStart, workers: WorkerThreads): Record<string, Handler> {
  const { installAttribution } = require('./attribution.cjs') as typeof import('./attribution.cjs');
  return installAttribution(hooks, workers);
}

function timeProfile(windowMs: number): Promise<TimeReading> {
  const { takeTimeProfile } = require('./time-profile.cjs') as typeof import('./time-profile.cjs');
  return takeTimeProfile(windowMs);
}

function pendingTimers(): typeof import('./pending-timers.cjs') {
  return require('./pending-timers.cjs') as typeof import('./pending-timers.cjs');
}

function waitingCalls(): typeof import('./waiting-calls.cjs') {
  return require('./waiting-calls.cjs') as typeof import('./waiting-calls.cjs');
}

/** 64 bytes of payload: eight fields of a tagged word each. */
function createPlanted(index: number): object {
  return { a: index, b: index, c: index, d: index, e: index, f: index, g: index, h: index };
}
