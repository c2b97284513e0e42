import type { RawFrame, TimeReading } from '../../model/attribution-protocol.js';
import type { CodeLocation, Finding, Suspect } from '../../model/run-record.js';
import { framesOf, locateStack, targetFrames } from '../evidence/frames.js';
import { ownCaller } from '../source/own-caller.js';
import type { SourceLocator } from '../source/source-locator.js';
import { functionExtent } from '../source/source-search.js';
import { roundedShare, type Suspicion } from '../suspects.js';

const suspectsMax = 3;
/** Of the busy time; less is what any target does besides. */
const shareMin = 0.1;
/** A main thread that is busy for less than this did not do what was found: a thread or a child process may. */
const busyMin = 0.02;
/** Standard deviations on either side of a share. */
const deviations = 2.6;

/** What one function of the target, with all it calls of Node and V8, was seen to run. */
interface BusyFunction {
  samples: number;
  /** Of the stack that ran most. */
  frames: readonly RawFrame[];
  samplesMax: number;
  /** Samples by line of its script, where it ran itself. */
  readonly lines: Map<number, number>;
}

/**
 * Names the functions that a target which does not come to rest spends its time in: each sample belongs to the
 * innermost function on its stack that is neither Node's nor V8's. An amount is a share of a core.
 */
export function busySuspects(reading: TimeReading, finding: Finding, locator: SourceLocator): Suspicion {
  const { samples, busySamples } = reading;
  if (samples === 0 || busySamples < busyMin * samples) return { suspects: [], explained: {} };
  const suspects = busyFunctions(reading)
    .filter((busy) => busy.samples >= shareMin * busySamples)
    .slice(0, suspectsMax)
    .flatMap((busy) => suspectOf(busy, reading, finding, locator));
  const explained = suspects.reduce((sum, { share }) => sum + share, 0);
  return { suspects, explained: { [finding.metric]: roundedShare(Math.min(1, explained)) } };
}

function busyFunctions(reading: TimeReading): BusyFunction[] {
  const functions = new Map<string, BusyFunction>();
  for (const { stack, samples, lines } of reading.running) {
    const all = framesOf(reading, stack);
    const frames = targetFrames(all);
    if (frames[0] === undefined) continue;
    const key = `${frames[0][0]}\n${frames[0][3]}`;
    const known = functions.get(key) ?? { samples: 0, frames, samplesMax: 0, lines: new Map() };
    known.samples += samples;
    if (samples > known.samplesMax) {
      known.frames = frames;
      known.samplesMax = samples;
    }
    if (all[0] === frames[0])
      for (const [line, ran] of lines) known.lines.set(line, (known.lines.get(line) ?? 0) + ran);
    functions.set(key, known);
  }
  return [...functions.values()].sort((a, b) => b.samples - a.samples);
}

/** The line of the function that ran most, where that is known; else where the function begins. */
function placeOf({ frames, lines }: BusyFunction, locator: SourceLocator): CodeLocation | undefined {
  const [file, , , name] = frames[0]!;
  const definition = locator.locate(frames[0]!);
  if (definition === undefined) return undefined;
  const { line, column = 1 } = definition;
  const extent = functionExtent(locator.linesOf(definition.file), { line, column });
  const within = [...lines]
    .sort(([, most], [, less]) => less - most)
    .flatMap(([ran]) => locator.locate([file, ran, 0, name]) ?? [])
    // What was inlined has lines of its own.
    .find((place) => place.file === definition.file && place.line > extent.first && place.line <= extent.last);
  return within ?? definition;
}

function suspectOf(busy: BusyFunction, reading: TimeReading, finding: Finding, locator: SourceLocator): Suspect[] {
  const { samples, frames } = busy;
  const location = placeOf(busy, locator);
  if (location === undefined) return [];
  const stack = [location, ...locateStack(frames.slice(1), locator)];
  const share = samples / reading.busySamples;
  const cores = samples / reading.samples;
  const reach = deviations * Math.sqrt((cores * (1 - cores)) / reading.samples);
  const calledFrom = ownCaller({ location, stack });
  return [
    {
      kind: 'cpu',
      description: `${nameOf(location)} at ${locator.shortPlace(location)} runs for ${Math.round(100 * share)} % of the time in which the event loop is busy`,
      metric: finding.metric,
      location,
      ...(stack.length > 1 && { stack }),
      ...(calledFrom !== undefined && { calledFrom }),
      perCycle: { estimate: cores, low: Math.max(0, cores - reach), high: Math.min(1, cores + reach), unit: 'cores' },
      share: roundedShare(share),
    },
  ];
}

function nameOf({ function: name }: CodeLocation): string {
  return name === undefined ? 'code' : `\`${name}\``;
}
