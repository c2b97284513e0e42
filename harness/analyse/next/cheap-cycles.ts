import { metricDefinition } from '../../model/metric.js';
import type { Finding } from '../../model/run-record.js';
import { bytesPerMebibyte } from '../../model/units.js';
import type { ObservedTarget } from './experiment.js';

/** What fills up is given so long, so many times the cycles before, and so much memory to be full. */
const manyMs = 1_500;
/** Where fewer than were driven fit into that, as on a machine that is busy, as many again may take so long: the search for the cause beside it takes longer. */
const asManyMs = 6_000;
const manyFactor = 4;
/** In a test, whose time and memory are short: a cache of 150,000 entries is still seen to fill. */
const manyFactorOfBriefRuns = 2;
const filledBytesMax = 48 * bytesPerMebibyte;

/**
 * Many more cycles than were driven so far, where those take a moment and a leak costs some megabytes in them.
 * @returns undefined where they are dear, or where something else than memory would run out
 */
export function cheapCycles(
  leaks: readonly Finding[],
  {
    cycles: drivenCycles,
    cyclesPerSecond,
    lastFloor,
  }: Pick<ObservedTarget, 'cycles' | 'cyclesPerSecond' | 'lastFloor'>,
  isBrief = false,
): number | undefined {
  const isCheap = ({ verdict, metric, axis }: Finding) =>
    verdict === 'leak' && axis === 'cycle' && fillsWithinTheProcess(metric);
  if (!leaks.every(isCheap)) return undefined;
  const bytesPerCycle = leaks
    .filter(({ unit }) => unit === 'B')
    .reduce((sum, { slope }) => sum + Math.max(0, slope.estimate), 0);
  const usedBytes = lastFloor.heapUsed ?? lastFloor.nativeUsed ?? filledBytesMax;
  const room = Math.max(0, filledBytesMax - usedBytes);
  const cyclesPerMs = cyclesPerSecond / 1_000;
  const cycles = Math.min(
    (isBrief ? manyFactorOfBriefRuns : manyFactor) * drivenCycles,
    Math.max(manyMs * cyclesPerMs, Math.min(asManyMs * cyclesPerMs, drivenCycles)),
    room / Math.max(bytesPerCycle, 1),
  );
  return cycles >= drivenCycles ? cycles : undefined;
}

/** Memory and what lives in it: what else grows would run out long before. */
function fillsWithinTheProcess(metric: string): boolean {
  const definition = metricDefinition(metric);
  const scale = definition?.scale ?? (definition?.unit === 'B' ? 'heap' : undefined);
  return (scale === 'heap' || scale === 'entries') && definition?.goesByItself !== true;
}
