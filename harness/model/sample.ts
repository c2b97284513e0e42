/** `floor`: quiescent, after settling; `load`: taken while driving. */
export type SampleKind = 'floor' | 'load';

/**
 * What the round before a sample was for.
 * - `measure`: cycles were driven; decides
 * - `null`: no cycles, the harness alone; shows what sampling itself costs
 * - `census`: cycles were driven and the live objects counted; bytes are disturbed here
 * - `control`: the instrument's own planted growth
 * - `rest`: no cycles, after growth that looks like a leak; shows what time alone gives back
 * - `reload`: cycles were driven between two rests
 * - `hold`: objects were created and kept, or destroyed again; shows what a live one costs
 */
export type SamplePhase = 'measure' | 'null' | 'census' | 'control' | 'rest' | 'reload' | 'hold';

/** The value of every metric at one moment. A metric that could not be read is absent. */
export interface Sample {
  readonly kind: SampleKind;
  readonly phase: SamplePhase;
  /** 0-based number of the round that this sample ends (floor) or falls into (load). */
  readonly round: number;
  /** Since the first cycle. */
  readonly elapsedMs: number;
  /** Cycles of all operations so far. */
  readonly cycles: number;
  readonly cyclesByOperation: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number>>;
}

/** Samples of a run as columns; all arrays have `length` entries and are sorted by `elapsedMs`. */
export interface SampleTable {
  readonly length: number;
  readonly kinds: readonly SampleKind[];
  readonly phases: readonly SamplePhase[];
  readonly rounds: Float64Array;
  readonly elapsedMs: Float64Array;
  readonly cycles: Float64Array;
  /** Cumulative cycles of each operation. */
  readonly cyclesByOperation: ReadonlyMap<string, Float64Array>;
  /** Values of each metric; NaN where it was not read. */
  readonly metrics: ReadonlyMap<string, Float64Array>;
}
