import { z } from 'zod';
import { findingVerdicts } from './verdict.js';

/** Version of the baseline file. */
export const baselineSchemaVersion = 1;

/** Growth of one metric as it was; slopes per cycle, or per hour where the unit says so. */
const knownGrowth = z.strictObject({
  verdict: z.enum(findingVerdicts),
  slope: z.number(),
  low: z.number(),
  high: z.number(),
  /** `B/cycle`, `fds/cycle`, ... */
  unit: z.string(),
});

/** One scenario with one set of defects. */
const baselineEntry = z.strictObject({
  run: z.string(),
  recordedAt: z.iso.datetime(),
  cycles: z.number(),
  /** Where it was recorded: growth in bytes differs between versions of Node. */
  environment: z.strictObject({ plateau: z.string(), node: z.string(), platform: z.string() }),
  metrics: z.record(z.string(), knownGrowth),
});

/** A baseline file: small, sorted, one metric a line, fit for version control and review. */
export const baselineSchema = z
  .strictObject({
    schemaVersion: z.literal(baselineSchemaVersion),
    /** By scenario and planted defects, see {@link baselineKey}. */
    scenarios: z.record(z.string(), baselineEntry),
  })
  .meta({ title: 'plateau baseline', description: 'Growth that is known and accepted, by scenario and metric.' });

export const baselineEntrySchema = baselineEntry;

export type Baseline = z.infer<typeof baselineSchema>;
export type BaselineEntry = z.infer<typeof baselineEntry>;
export type KnownGrowth = z.infer<typeof knownGrowth>;

/** What runs are judged against, and where it came from. */
export interface ScenarioBaselines {
  /** A file's path, or the id of a run. */
  readonly source: string;
  readonly scenarios: Readonly<Record<string, BaselineEntry>>;
}

/** What one run is judged against; kept in its manifest, so that it is judged the same way again. */
export interface RunBaseline {
  readonly source: string;
  readonly entry: BaselineEntry;
}

/** `branch-store/branches`, `branch-store/branches + commit-locks`; the order of defects does not matter. */
export function baselineKey(scenario: string, defects: readonly string[]): string {
  return [scenario, ...[...defects].sort()].join(' + ');
}
