import type { MetricValues } from '../../model/agent-protocol.js';
import type { AgentConnection } from '../../model/target.js';
import type { Recorder } from './recorder.js';
import type { Measurement } from './rounds.js';

const plantedObjects = 20_000;
/** Eight tagged fields and a header of three words, and the object's place in the array that holds it. */
const bytesMin = plantedObjects * 64;
const bytesMax = plantedObjects * 160;
/** Part of the planted growth that may be left after its release. */
const residueShare = 0.2;

/** Before the first cycle: does `gc()` collect, and what can this machine not show? */
export async function checkInstrument(agent: AgentConnection | undefined, recorder: Recorder): Promise<void> {
  if (agent === undefined) return;
  const { hello } = agent;
  recorder.audit(
    'gc-self-test',
    hello.collectsGarbage,
    hello.collectsGarbage
      ? `gc() took a planted 8 MiB away (Node ${hello.node}, V8 ${hello.v8})`
      : `gc() left a planted 8 MiB in place (Node ${hello.node}, V8 ${hello.v8}): heap floors mean nothing here`,
  );
}

/** What a planted growth showed as. */
export interface PositiveControl {
  readonly plantedBytes: number;
  readonly leftBytes: number;
  readonly isSeen: boolean;
  readonly isSeenGone: boolean;
}

/**
 * Plants a known growth in the target and lets it go: an instrument that does not see both proves nothing.
 * @returns `undefined` for a target that cannot be asked
 */
export async function runPositiveControl(
  agent: AgentConnection | undefined,
  measurement: Measurement,
): Promise<PositiveControl | undefined> {
  if (agent === undefined) return undefined;
  const read = async (): Promise<number> => {
    await measurement.floor('control');
    return judgedHeap(measurement.lastFloor);
  };
  const before = await read();
  await agent.request('control', { action: 'plant', objects: plantedObjects });
  const plantedBytes = (await read()) - before;
  await agent.request('control', { action: 'release', objects: 0 });
  const leftBytes = (await read()) - before;
  return {
    plantedBytes,
    leftBytes,
    isSeen: plantedBytes >= bytesMin && plantedBytes <= bytesMax,
    isSeenGone: leftBytes <= plantedBytes * residueShare,
  };
}

export function auditControl(
  { plantedBytes, leftBytes, isSeen, isSeenGone }: PositiveControl,
  recorder: Recorder,
): void {
  const kibibytes = (bytes: number) => `${Math.round(bytes / 1024)} KiB`;
  recorder.audit(
    'positive-control',
    isSeen,
    `${plantedObjects} planted objects of 88 B showed as ${kibibytes(plantedBytes)} (expected ${kibibytes(bytesMin)} to ${kibibytes(bytesMax)})`,
  );
  recorder.audit(
    'positive-control-release',
    isSeenGone,
    `${kibibytes(leftBytes)} of ${kibibytes(plantedBytes)} were left after their release`,
  );
}

function judgedHeap(values: MetricValues): number {
  return (values.heapUsed ?? 0) - (values.heapCode ?? 0);
}
