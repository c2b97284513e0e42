import type { StoredRun } from '../../model/run-log.js';
import { byteWindows } from '../growth/byte-windows.js';
import { countWindows } from '../growth/count-windows.js';
import { type DoublingGrowth, doublingGrowthOf, steadyDoublingsOf } from '../growth/doublings.js';
import { type Driver, driverOf } from '../growth/growth-driver.js';
import type { SlopeWindows } from '../growth/slope-windows.js';
import { type FloorSeries, sliceSeries } from '../series/floors.js';
import type { Decision } from './decision.js';
import type { ErrorRates } from './error-rates.js';
import type { JudgedMetric } from './judged-metrics.js';
import { type SlopeEvidence, slopeEvidence } from './slope-evidence.js';

/** What the other metrics of the same look show. */
export interface Beside {
  /** Something that is counted leaks: what fills beside it may be what its entries hold. */
  readonly entriesLeak: boolean;
  /** Largest slope of the heap that its certificate leaves open, B a cycle; absent where the heap is not certified. */
  readonly heapBytesPerCycleMax?: number;
}

export const nothingBeside: Beside = { entriesLeak: false };

/** What the series of one metric shows, for the rules to read. Each part is computed when it is first asked for. */
export class Evidence {
  readonly series: FloorSeries;
  private knownWindows: { readonly value: SlopeWindows | undefined } | undefined;
  private knownSlopes: SlopeEvidence | undefined;
  private knownDoublings: { readonly value: DoublingGrowth | undefined } | undefined;
  private knownDriver: Driver | undefined;

  constructor(
    readonly run: StoredRun,
    readonly metric: JudgedMetric,
    readonly rates: ErrorRates,
    readonly beside: Beside = nothingBeside,
  ) {
    this.series = metric.series;
  }

  get confidence(): number {
    return 1 - 2 * this.rates.leak;
  }

  get isOfBytes(): boolean {
    return this.metric.channel !== 'count';
  }

  /** Slopes with their bounds; undefined where there are too few floors. */
  get windows(): SlopeWindows | undefined {
    const { metric, series } = this;
    this.knownWindows ??= {
      value: this.isOfBytes ? byteWindows(series, metric.tolerance) : countWindows(series, metric.tolerance),
    };
    return this.knownWindows.value;
  }

  /** Call only where there are `windows`. */
  get slopes(): SlopeEvidence {
    this.knownSlopes ??= slopeEvidence(this.windows!, this.metric.tolerance, this.rates);
    return this.knownSlopes;
  }

  /** What each of the last two doublings of the cycles brought, where both brought much and about as much a cycle. */
  get doublingGrowth(): DoublingGrowth | undefined {
    this.knownDoublings ??= { value: doublingGrowthOf(this.series, this.metric.tolerance, this.slopes.passes) };
    return this.knownDoublings.value;
  }

  /** Growth a cycle of several doublings, each of which kept the pace of the one before; undefined where one did not. */
  get steadyDoublings(): Decision['slope'] | undefined {
    return steadyDoublingsOf(this.series, this.metric.tolerance.capacity);
  }

  /** What the growth goes with: cycles of an operation, time, or the sampling itself. */
  get driver(): Driver {
    this.knownDriver ??= driverOf(this.run, this.metric.tolerance.metric, this.settled, this.confidence);
    return this.knownDriver;
  }

  /** Floors after warm-up. */
  get settled(): FloorSeries {
    return sliceSeries(this.series, this.slopes.trend.from, this.series.values.length);
  }

  /** The same evidence, with what the other metrics show. */
  inTheLightOf(beside: Beside): Evidence {
    const { run, metric, rates } = this;
    const seen = new Evidence(run, metric, rates, beside);
    seen.knownWindows = this.knownWindows;
    seen.knownSlopes = this.knownSlopes;
    seen.knownDoublings = this.knownDoublings;
    seen.knownDriver = this.knownDriver;
    return seen;
  }

  /** The same metric turned upside down, for what may run dry. */
  mirrored(capacity: number): Evidence {
    const { run, metric, rates } = this;
    const series = { ...metric.series, values: metric.series.values.map((value) => -value) };
    const tolerance = { ...metric.tolerance, capacity, cyclesMin: 1 };
    return new Evidence(run, { ...metric, series, tolerance }, rates);
  }
}
