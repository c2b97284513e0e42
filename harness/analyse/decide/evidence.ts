import type { StoredRun } from '../../model/run-log.js';
import { byteWindows } from '../growth/byte-windows.js';
import { countWindows } from '../growth/count-windows.js';
import { doublingGrowthOf, steadyDoublingsOf } from '../growth/doublings.js';
import { type Driver, driverOf } from '../growth/growth-driver.js';
import type { SlopeWindows } from '../growth/trend.js';
import { type FloorSeries, sliceSeries } from '../series/floors.js';
import type { Bounded } from '../statistics/combined-intervals.js';
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

/** What the series of one metric shows, for the rules to read. Each part is computed when it is first asked for. */
export class Evidence {
  constructor(
    readonly run: StoredRun,
    readonly metric: JudgedMetric,
    readonly rates: ErrorRates,
    readonly beside: Beside = { entriesLeak: false },
    private readonly known = new Map<string, unknown>(),
  ) {}

  private once<Value>(name: string, compute: () => Value): Value {
    if (!this.known.has(name)) this.known.set(name, compute());
    return this.known.get(name) as Value;
  }

  get series(): FloorSeries {
    return this.metric.series;
  }

  get isOfBytes(): boolean {
    return this.metric.channel !== 'count';
  }

  /** Slopes with their bounds; undefined where there are too few floors. */
  get windows(): SlopeWindows | undefined {
    const windowsOf = this.isOfBytes ? byteWindows : countWindows;
    return this.once('windows', () => windowsOf(this.series, this.metric.tolerance));
  }

  /** Call only where there are `windows`. */
  get slopes(): SlopeEvidence {
    return this.once('slopes', () => slopeEvidence(this.windows!, this.metric.tolerance, this.rates));
  }

  /** What each of the last two doublings of the cycles brought, where both brought much and about as much a cycle. */
  get doublingGrowth(): Bounded | undefined {
    return this.once('doublings', () => doublingGrowthOf(this.series, this.metric.tolerance, this.slopes.passes));
  }

  /** Growth a cycle of several doublings, each of which kept the pace of the one before; undefined where one did not. */
  get steadyDoublings(): Bounded | undefined {
    return steadyDoublingsOf(this.series, this.metric.tolerance);
  }

  /** What the growth goes with: cycles of an operation, time, or the sampling itself. */
  get driver(): Driver {
    const confidence = 1 - 2 * this.rates.leak;
    return this.once('driver', () => driverOf(this.run, this.metric.tolerance.metric, this.settled, confidence));
  }

  /** Floors after warm-up. */
  get settled(): FloorSeries {
    return sliceSeries(this.series, this.slopes.trend.from, this.series.values.length);
  }

  /** The same, with what the other metrics show. */
  inTheLightOf(beside: Beside): Evidence {
    return new Evidence(this.run, this.metric, this.rates, beside, this.known);
  }

  /** The same metric turned upside down, for what may run dry. */
  mirrored(capacity: number): Evidence {
    const { run, metric, rates } = this;
    const series = { ...metric.series, values: metric.series.values.map((value) => -value) };
    const tolerance = { ...metric.tolerance, capacity, cyclesMin: 1 };
    return new Evidence(run, { ...metric, series, tolerance }, rates);
  }
}
