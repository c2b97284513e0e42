import { growthMinOf, type LeakRate } from '../../analyse/comparison/leak-rate.js';
import type { RoundPart } from '../../drive/driver.js';
import type { StoredRun } from '../../model/run-log.js';
import type { MeasuringPass } from '../measuring/measuring-pass.js';
import { growthAsked } from './growth-asked.js';
import { smallestSubset } from './smallest-subset.js';
import { type SoakQuestion, soakLoop } from './trial.js';

/** Growth that a round of the whole brings: floors of a heap that is compiled and resized swing by some KiB. */
const growthWanted = { bytes: 65_536, counts: 8 } as const;
/** Until then the target's code is compiled, and the size of rounds is sought. */
const warmUpRounds = 8;

export interface NarrowingQuestion<Item> extends SoakQuestion {
  readonly items: readonly Item[];
  /** What a round draws from that asks some of the items. */
  partOf(items: readonly Item[]): RoundPart;
  /** Of what is read at every floor. */
  readonly rate: LeakRate;
}

export interface Narrowed<Item> {
  readonly kept: readonly Item[];
  /** The time sufficed to show that nothing more can be left out. */
  readonly isSmallest: boolean;
}

/**
 * The operations or the inputs that growth needs, found in one soak: its rounds ask parts of them in turn, two to four rounds
 * each. A trial of each part takes a target of its own, and twelve rounds at least.
 * @throws {PlateauError} when the target does not start; the reason of the signal when it was aborted
 */
export async function narrow<Item>(question: NarrowingQuestion<Item>): Promise<Narrowed<Item>> {
  const { source, options, items, partOf, rate } = question;
  let kept = items;
  let isSmallest = false;
  await soakLoop({ source, options: { ...options, untilDecided: false } }, async (pass) => {
    const isOver = () => !pass.mayGoOn || options.signal?.aborted === true;
    await pass.attempt(() => pass.begin());
    for (let round = 0; round < warmUpRounds && !isOver(); round += 1)
      await pass.attempt(() => pass.round({ part: partOf(items) }));
    let growthMin = growthMinOf(rate);
    await smallestSubset(items, async (part) => {
      const asked = { part: partOf(part), cyclesMin: cyclesFor(growthMin, rate) };
      const growth = await growthAsked(growthMin, () => (isOver() ? undefined : growthOf(pass, asked, rate)));
      if (growth < growthMin) return false;
      // What holds all of the cause grows the faster, the less is beside it.
      growthMin = growth / 2;
      kept = part;
      return true;
    });
    isSmallest = !isOver();
    await pass.attempt(() => pass.finish({ census: false, rest: false }));
  });
  return { kept, isSmallest };
}

/** Growth of a round for each of its cycles. */
async function growthOf(
  pass: MeasuringPass,
  asked: { readonly part: RoundPart; readonly cyclesMin: number },
  rate: LeakRate,
): Promise<number> {
  await pass.attempt(() => pass.round(asked));
  return growthOfRound(pass.soFar(), rate);
}

/** So many that growth of twice the least that is kept stands out of the floors. */
function cyclesFor(growthMin: number, { slope }: LeakRate): number {
  const wanted = slope.unit.startsWith('B/') ? growthWanted.bytes : growthWanted.counts;
  return Math.ceil(wanted / (2 * growthMin));
}

function growthOfRound({ samples }: StoredRun, { metric, operations, isAttributed, slope }: LeakRate): number {
  const last = samples.kinds.lastIndexOf('floor');
  const before = samples.kinds.lastIndexOf('floor', last - 1);
  const values = samples.metrics.get(metric);
  const counts = isAttributed ? samples.cyclesByOperation.get(operations[0]!) : samples.cycles;
  if (before < 0 || values === undefined || counts === undefined) return 0;
  const cycles = counts[last]! - counts[before]!;
  const growth = values[last]! - values[before]!;
  return cycles > 0 && Number.isFinite(growth) ? (Math.sign(slope.estimate) * growth) / cycles : 0;
}
