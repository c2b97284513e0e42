/**
 * What a curve is drawn over.
 * - `time`: milliseconds since its first reading
 * - `row`: the number of the reading, where no time was recorded
 */
export type CurveAxis = 'time' | 'row';

/** One quantity as something else recorded it: readings as they came, not floors of a resting target. */
export interface RecordedCurve {
  /** As it was recorded, e.g. `process_resident_memory_bytes{pod="a"}`. */
  readonly metric: string;
  /** `B`, `%`, or what is counted; empty where nothing says it. */
  readonly unit: string;
  /** A reading at each position of the file; NaN where there is none. */
  readonly values: Float64Array;
  /** What it must not reach, in its unit, where the recording says so. */
  readonly limit?: number;
  /** Positions at which its process was started again; the reading there is the first of the new process. */
  readonly restarts: readonly number[];
}

/** A file of curves over one axis. */
export interface RecordedCurves {
  /** Shown as the run's scenario, e.g. the file's name. */
  readonly name: string;
  readonly axis: CurveAxis;
  /** Epoch ms of the first reading; 0 where no time was recorded. */
  readonly startedAtMs: number;
  /** Of all readings, in order: ms since the first, or row numbers. */
  readonly positions: Float64Array;
  readonly curves: readonly RecordedCurve[];
}

/** What the manifest of a run of curves says of them. */
export interface CurveFacts {
  readonly axis: CurveAxis;
  readonly units: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, number>>;
  readonly restarts: Readonly<Record<string, readonly number[]>>;
}
