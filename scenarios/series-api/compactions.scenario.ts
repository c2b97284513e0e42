import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { faultEvery } from './damaged-database.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

/** Real failures of the disk, each in its turn: nothing to read (ENOENT), no room (ENOSPC), no place (EISDIR). */
const faults = ['no segments', 'disk full', 'target is a directory'] as const;

function faultOf(cycle: number): (typeof faults)[number] | undefined {
  return cycle % faultEvery === 0 ? faults[(cycle / faultEvery) % faults.length] : undefined;
}

async function prepareFault({ target, cycle }: CycleContext, partition: string): Promise<void> {
  const partitions = join(target.temporaryDirectory, 'series-api', 'partitions');
  const fault = faultOf(cycle);
  if (fault === 'disk full') {
    await mkdir(join(partitions, '.unfinished'), { recursive: true });
    // The device on which there is never any room.
    await symlink('/dev/full', join(partitions, '.unfinished', partition));
  }
  if (fault === 'target is a directory') {
    await mkdir(join(partitions, partition, 'merged', 'in the way'), { recursive: true });
  }
}

async function compactPartition(context: CycleContext): Promise<string> {
  const { http } = context.target;
  const fault = faultOf(context.cycle);
  const partition = `hour-${context.cycle}`;
  if (fault !== 'no segments') {
    for (const points of ['cpu 1\n', 'cpu 2\n']) await http.post(`/partitions/${partition}/segments`, { points });
  }
  await prepareFault(context, partition);
  const answer = await http.post(`/partitions/${partition}/compactions`, undefined, { accept: [500] });
  if (answer.status !== (fault === undefined ? 200 : 500)) {
    throw new Error(`compaction (${fault ?? 'no fault'}): got ${answer.status} ${answer.text()}`);
  }
  return partition;
}

export default defineScenario({
  name: 'series-api/compactions',
  summary: 'a partition: write segments, merge them, delete it; one merge in four meets a failing disk',
  target: seriesTarget(),
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: {
    partition: operation({
      create: compactPartition,
      async destroy(partition, { target }) {
        await target.http.delete(`/partitions/${partition}`);
      },
    }),
  },
  concurrency: 8,
  gauges: async (context) => ({
    ...(await seriesGauges(context)),
    locks: (await context.target.http.get('/locks')).json<unknown[]>().length,
  }),
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'unreleased-lock': {
      summary: 'a merge that fails keeps its lock: a row for each failure',
      audit: ['004-07'],
      expect: { verdict: 'leak', metric: 'gauge.locks', shape: 'linear', perCycle: 1 / faultEvery },
    },
    'stray-merge-file': {
      summary: 'a merge that fails leaves what it had written so far (two of the three faults)',
      expect: {
        verdict: 'leak',
        metric: 'tempFiles',
        shape: 'linear',
        perCycle: (2 / 3) * (1 / faultEvery),
      },
    },
  },
});
