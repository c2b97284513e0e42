import { z } from 'zod';
import type { BisectionResult } from '../harness/model/bisection.js';
import { type Comparison, comparisonSchema } from '../harness/model/comparison.js';
import { type RunRecord, runRecordSchema } from '../harness/model/run-record.js';
import type { ShrinkResult } from '../harness/model/shrink.js';
import { inertJson } from './format/printable.js';

/** The run record alone, on one line ending in a newline. */
export function jsonReport(record: RunRecord): string {
  return `${inertJson(record)}\n`;
}

/** JSON Schema (2020-12) of the run record; unknown members are allowed, so that a later plateau may add some. */
export function jsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(runRecordSchema, { io: 'input' }) };
}

/** A comparison alone, on one line ending in a newline. */
export function comparisonJson(comparison: Comparison): string {
  return `${inertJson(comparison)}\n`;
}

/** JSON Schema (2020-12) of a comparison. */
export function comparisonJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(comparisonSchema, { io: 'input' }) };
}

/** The result of a bisection alone, on one line ending in a newline. */
export function bisectionJson(result: BisectionResult): string {
  return `${inertJson(result)}\n`;
}

/** The smallest loop of a run alone, on one line ending in a newline. */
export function shrinkJson(result: ShrinkResult): string {
  return `${inertJson(result)}\n`;
}
