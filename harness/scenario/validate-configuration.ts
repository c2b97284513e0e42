import { z } from 'zod';
import type { Duration, PlateauConfiguration, Size } from '../model/configuration.js';
import { PlateauError } from '../model/errors.js';
import { readDurationMs, readSizeBytes } from '../model/quantity.js';
import { isScenarioDefinition } from './define-scenario.js';
import { describeProblem } from './describe-problem.js';
import { metricName } from './validate-scenario.js';

const text = z.string().min(1);
const count = z.int().positive();
const knownMetric = 'a metric that plateau knows';
const variable = z.strictObject({ env: text });
const secret = z.union([text, variable], { error: 'a text, or {env} with the name of an environment variable' });
const addressWords = 'an http or https address, or {env} with the name of an environment variable that holds one';
const webAddress = z.union([z.url({ protocol: /^https?$/, error: addressWords }), variable], { error: addressWords });

function duration(days: boolean) {
  const expected = `a time above 0 such as '90s', '30m' or ${days ? "'90d'" : "'6h'"}, or a number of ms`;
  return z
    .union([z.number(), z.string()], { error: expected })
    .refine((value) => durationMsOf(value, days) > 0, { error: expected });
}

const sizeExpected = "a size above 0 such as '512 MiB' or '20 GiB', or a number of bytes";
const size = z
  .union([z.number(), z.string()], { error: sizeExpected })
  .refine((value) => sizeBytesOf(value) > 0, { error: sizeExpected });

const budgetExpected = "a number of at least 0, or a size such as '64 B'";
const budget = z
  .union([z.number(), z.string()], { error: budgetExpected })
  .refine((value) => sizeBytesOf(value) >= 0, { error: budgetExpected });

const runOptions = {
  defects: z.array(text).optional(),
  budgets: z.record(metricName(knownMetric), budget).optional(),
  cycles: count.optional(),
  rounds: count.optional(),
  minimum: duration(false).optional(),
  concurrency: count.optional(),
  ratePerSecond: z.number().positive().optional(),
  seed: z.int().nonnegative().optional(),
  untilDecided: z.boolean().optional(),
  confidence: z.number().gt(0.5).lt(1).optional(),
  thorough: z.boolean().optional(),
  attribution: z.enum(['off', 'on-leak', 'always']).optional(),
};

const name = z.string().regex(/^[a-z0-9][\w./-]*$/i, { error: 'letters, digits and . _ - /' });
const reference = z.custom((value) => (typeof value === 'string' && value !== '') || isScenarioDefinition(value), {
  error: 'a path, a name that `plateau list` shows, or what defineScenario returns',
});

const suiteScenario = z.strictObject({
  scenario: reference,
  name: name.optional(),
  variants: z.record(name, z.strictObject(runOptions)).optional(),
  ...runOptions,
});

const canary = z.strictObject({ leak: text, sound: text, metric: metricName(knownMetric).optional() });

const schema = z.strictObject({
  scenarios: z
    .array(z.union([reference, suiteScenario], { error: 'a path, a name, a definition, or an object with `scenario`' }))
    .min(1, { error: 'a list of at least one scenario' }),
  build: text.optional(),
  nightly: z
    .strictObject({
      time: duration(false).optional(),
      minimum: duration(false).optional(),
      targetsAtOnce: count.optional(),
      undecidedNights: count.optional(),
    })
    .optional(),
  canaries: z
    .union([z.literal(false), z.array(canary).min(1)], { error: 'false, or a list of {leak, sound}' })
    .optional(),
  knownLeaks: z
    .array(
      z.strictObject({
        scenario: text,
        variant: z.string().optional(),
        metric: text.optional(),
        owner: text,
        note: text.optional(),
        expires: z.iso.date({ error: "a day such as '2026-12-31'" }),
      }),
    )
    .optional(),
  retention: z
    .strictObject({
      size: size.optional(),
      age: duration(true).optional(),
      snapshotAge: duration(true).optional(),
      snapshotSize: size.optional(),
      keep: z.array(text).optional(),
    })
    .optional(),
  reporters: z
    .array(
      z.union([text, z.strictObject({ name: text, file: text.optional() })], {
        error: "'<name>=<file>' or {name, file}",
      }),
    )
    .optional(),
  notifications: z
    .array(
      z.strictObject({
        webhook: webAddress,
        headers: z.record(text, secret).optional(),
        when: z.enum(['news', 'always']).optional(),
        tries: count.optional(),
      }),
    )
    .optional(),
  out: text.optional(),
  openMetrics: z.strictObject({ port: z.int().min(0).max(65_535) }).optional(),
  otlp: z
    .union([z.literal(true), z.strictObject({ endpoint: z.url({ protocol: /^https?$/ }) })], {
      error: 'true, or {endpoint} with an http or https address',
    })
    .optional(),
});

/**
 * Checks what a configuration module exports.
 * @throws {PlateauError} `PLATEAU_INVALID_CONFIGURATION`, naming the field, what was expected and what it got
 */
export function validateConfiguration(value: unknown, origin: string): PlateauConfiguration {
  const parsed = schema.safeParse(value);
  if (parsed.success) return value as PlateauConfiguration;
  throw invalidConfiguration(origin, describeProblem(parsed.error, value, 'the default export'));
}

export function invalidConfiguration(origin: string, problem: string, hint?: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_CONFIGURATION', `${origin}: ${problem}.`, {
    hint: hint ?? 'see "Nights" in harness/cli/README.md for the fields and their forms',
  });
}

/** In ms; NaN for what is no time. */
export function durationMsOf(value: Duration, days = false): number {
  return typeof value === 'number' ? value : (readDurationMs(value.trim(), { days }) ?? Number.NaN);
}

/** In bytes; NaN for what is no size. */
export function sizeBytesOf(value: Size): number {
  return typeof value === 'number' ? value : (readSizeBytes(value.trim()) ?? Number.NaN);
}
