import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveRunView, liveRunView } from '../../../reporters/index.js';
import { systemClock } from '../../platform/clock.js';
import { analyse } from '../../run/analyse-run.js';
import { GrowingRun } from '../../store/load-run.js';
import { runFiles, runsDirectory } from '../../store/run-layout.js';

/** A run is judged anew once its curves are longer by a thousandth: less is not a pixel, and of a day judging takes 0.4 s. */
const grownShareMin = 1 / 1_000;

/** The run that the live page shows, as it goes on. */
export class ShownRun {
  private shown: { readonly id: string; readonly bytes: number; readonly isOver: boolean } | undefined;
  private growing: { readonly id: string; readonly run: GrowingRun } | undefined;
  private nextAtMs = 0;

  constructor(private readonly outDirectory: string) {}

  /** What was shown while it went on, and has not been shown to its end. */
  get unfinished(): string | undefined {
    return this.shown?.isOver === false ? this.shown.id : undefined;
  }

  /** How long nothing new of it is to be seen while it goes on. */
  quietMs(): number {
    return this.unfinished === undefined ? 0 : this.nextAtMs - systemClock.monotonicMs();
  }

  /** @returns nothing where there is no news to be seen */
  async look(id: string, isOver: boolean): Promise<({ readonly id: string } & LiveRunView) | undefined> {
    const { outDirectory, shown } = this;
    const nowMs = systemClock.monotonicMs();
    const bytes =
      statSync(join(runsDirectory(outDirectory), id, runFiles.samples), { throwIfNoEntry: false })?.size ?? 0;
    const isSame = shown?.id === id && shown.isOver === isOver;
    if (isSame && (nowMs < this.nextAtMs || shown.bytes === bytes)) return undefined;
    const growing = this.growing?.id === id ? this.growing.run : new GrowingRun(join(runsDirectory(outDirectory), id));
    // What fails in the middle is read from its beginning the next time.
    this.growing = undefined;
    const run = await growing.read();
    const view = liveRunView(analyse(run), run.samples, isOver);
    this.growing = { id, run: growing };
    this.shown = { id, bytes, isOver };
    this.nextAtMs = nowMs + (run.samples.elapsedMs.at(-1) ?? 0) * grownShareMin;
    return { id, ...view };
  }
}
