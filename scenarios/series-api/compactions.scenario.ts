import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { faultEvery } from './damaged-database.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

const fileSizeLimitBytes = 256 * 1024;
/** Two segments of this length fit on the disk, what they are merged into does not. */
const largeSegmentLength = 160 * 1024;

/** Real failures of the disk, each in its turn: nothing to read (ENOENT), no room (EFBIG), no place (EISDIR). */
const faults = ['no segments', 'too large', 'target is a directory'] as const;

function faultOf(cycle: number): (typeof faults)[number] | undefined {
  return cycle % faultEvery === 0 ? faults[(cycle / faultEvery) % faults.length] : undefined;
}

async function compactPartition({ target, cycle }: CycleContext): Promise<string> {
  const fault = faultOf(cycle);
  const partition = `hour-${cycle}`;
  const points = 'x'.repeat(fault === 'too large' ? largeSegmentLength : 64);
  if (fault !== 'no segments') {
    await target.http.post(`/partitions/${partition}/segments`, { points });
    await target.http.post(`/partitions/${partition}/segments`, { points });
  }
  if (fault === 'target is a directory') {
    await mkdir(join(target.temporaryDirectory, 'series-api', 'partitions', partition, 'merged', 'in the way'), {
      recursive: true,
    });
  }
  const answer = await target.http.post(`/partitions/${partition}/compactions`, undefined, { accept: [500] });
  if (answer.status !== (fault === undefined ? 200 : 500)) {
    throw new Error(`compaction (${fault ?? 'no fault'}): got ${answer.status} ${answer.text()}`);
  }
  return partition;
}

export default defineScenario({
  name: 'series-api/compactions',
  summary: 'a partition: write segments, merge them, delete it; one merge in four meets a failing disk',
  target: seriesTarget('--file-size-limit', String(fileSizeLimitBytes)),
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
