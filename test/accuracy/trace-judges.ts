import { judge } from '../../harness/analyse/judge.js';
import { companionColumns, storedRunFromSeries } from '../../harness/analyse/series/series-run.js';
import type { Judgement } from '../../harness/model/judgement.js';
import type { StoredRun } from '../../harness/model/run-log.js';
import { interpreterOnly } from './kinds.js';
import type { RivalSeries } from './rivals/rival.js';
import type { Trace } from './trace.js';

/** Columns that plateau judges besides the heap, where a trace has them. */
const channels = ['external', 'arrayBuffers', 'fds', 'res', 'qobj', 'rss'];

/** Judges a trace as `plateau analyse FILE.csv --x ops --metric ...` does. */
export function judgeTrace(trace: Trace, metrics: readonly string[], injectedBytesPerCycle = 0): Judgement {
  return judge(runOfTrace(trace, metrics, injectedBytesPerCycle));
}

/** A trace as the run that `plateau analyse FILE.csv` makes of it, with growth added to its heap. */
export function runOfTrace(trace: Trace, metrics: readonly string[], injectedBytesPerCycle = 0): StoredRun {
  const cycles = trace.columns.get('ops')!;
  const columns = new Map(
    ['ops', ...metrics, ...companionColumns].flatMap((name) => {
      const values = trace.columns.get(name);
      if (values === undefined) return [];
      const injected =
        name === 'heapUsed' ? values.map((value, row) => value + injectedBytesPerCycle * cycles[row]!) : values;
      return [[name, injected] as const];
    }),
  );
  const run = storedRunFromSeries({
    name: trace.name,
    columns,
    x: 'ops',
    metrics: metrics.filter((name) => columns.has(name)),
  });
  return interpreterOnly.has(trace.protocol) ? asInterpreted(run) : run;
}

/** The second pass of a thorough run, whose budget is smaller. */
function asInterpreted(run: StoredRun): StoredRun {
  const { manifest } = run;
  return { ...run, manifest: { ...manifest, parameters: { ...manifest.parameters, interpreterOnly: true } } };
}

export function judgeHeap(trace: Trace): Judgement {
  return judgeTrace(trace, ['heapUsed']);
}

export function judgeAllChannels(trace: Trace): Judgement {
  return judgeTrace(trace, ['heapUsed', ...channels]);
}

export function rivalSeriesOf({ columns }: Trace): RivalSeries {
  const objects = columns.get('qobj');
  return {
    cycles: columns.get('ops')!,
    heapUsed: columns.get('heapUsed')!,
    rss: columns.get('rss')!,
    ...(objects?.some((count) => count > 0) && { objects }),
  };
}
