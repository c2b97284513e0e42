import { METHODS } from 'node:http';
import { z } from 'zod';
import { PlateauError } from '../model/errors.js';
import { type Fault, faultNames } from '../model/fault.js';
import { metricDefinition } from '../model/metric.js';
import type { Scenario } from '../model/scenario.js';
import { runVerdicts, shapes } from '../model/verdict.js';
import { describeProblem } from './describe-problem.js';
import { serviceSchema, targetSchema } from './validate-target.js';

const callable = z.custom<(...values: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'a function',
});
const positive = z.number().positive();
const text = z.string().min(1);

const fault = z.enum(faultNames as [Fault, ...Fault[]]);
const faultShare = z.number().gt(0).max(1, { error: 'a share of the cycles, above 0 and at most 1' });

const inputs = z.array(z.int().nonnegative()).min(1, { error: 'at least one input' });

const functionOperation = z.strictObject({
  weight: positive.optional(),
  inputs: inputs.optional(),
  create: callable,
  destroy: callable,
  fault: fault.optional(),
});

const formFile = z.strictObject({
  name: text,
  content: z.union([z.string(), z.instanceof(Uint8Array)], { error: 'a text or bytes' }),
  type: text.optional(),
});

const request = z.strictObject({
  method: z
    .string()
    .refine((method) => METHODS.includes(method), { error: 'a method of HTTP such as GET, in capitals' })
    .optional(),
  path: z.string().regex(/^(\/|\{header:)/, { error: 'a path that starts with /' }),
  headers: z.record(text, z.string()).optional(),
  body: z.unknown().optional(),
  form: z.record(text, z.union([z.string(), formFile], { error: 'a text or {name, content}' })).optional(),
  expectStatus: z.array(z.int().min(100).max(599)).min(1).optional(),
  timeoutMs: positive.optional(),
});

const requestOperation = z.strictObject({
  weight: positive.optional(),
  inputs: inputs.optional(),
  create: request,
  destroy: request.optional(),
  fault: fault.optional(),
});

/** Which of the forms an operation has is said by its `create`, so that what is wrong in it is said of that form. */
const operation = z.unknown().transform((value, context) => {
  const form =
    typeof (value as { create?: unknown } | null)?.create === 'object' ? requestOperation : functionOperation;
  const parsed = form.safeParse(value);
  if (parsed.success) return value;
  for (const issue of parsed.error.issues) context.addIssue(issue as Parameters<typeof context.addIssue>[0]);
  return z.NEVER;
});

const gaugeKindObject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('level') }),
  z.strictObject({ kind: z.literal('counter') }),
  z.strictObject({ kind: z.literal('bounded'), bound: z.number() }),
  z.strictObject({ kind: z.literal('bytes') }),
]);

const expectation = z.strictObject({
  verdict: z.enum(runVerdicts),
  metric: metricName('a metric name').optional(),
  shape: z.enum(shapes).optional(),
  perCycle: z.number().optional(),
  tolerance: z.number().nonnegative().optional(),
});

const schema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][\w./-]*$/i, { error: 'letters, digits and . _ - /' }),
  summary: z.string().optional(),
  target: z.union([callable, targetSchema], {
    error: 'one of {script}, {command}, {go}, {pid}, {url}, {redis}, {postgres}, or a function that returns one',
  }),
  operations: z
    .record(text, operation)
    .refine((operations) => Object.keys(operations).length > 0, { error: 'at least one operation' }),
  gauges: callable.optional(),
  gaugeKinds: z.record(z.string(), z.union([z.enum(['level', 'counter', 'bytes']), gaugeKindObject])).optional(),
  budgets: z
    .record(metricName('a metric that plateau knows'), z.union([z.number().nonnegative(), z.string()]))
    .optional(),
  settle: z
    .strictObject({
      afterMs: z.number().nonnegative().optional(),
      until: callable.optional(),
      timeoutMs: positive.optional(),
    })
    .optional(),
  universe: z
    .union([z.int().positive(), z.literal('fresh')], { error: "a whole number above 0, or 'fresh'" })
    .optional(),
  concurrency: z.int().positive().optional(),
  cycles: z.int().positive().optional(),
  hourlyLoad: z
    .array(z.number().nonnegative())
    .length(24, { error: 'a number for each of the 24 hours of a day' })
    .refine((loads) => loads.some((load) => load > 0), { error: 'a load above 0 in at least one hour' })
    .optional(),
  http: z
    .strictObject({
      headers: z.record(text, z.string()).optional(),
      ca: z.union([text, z.array(text).min(1)], { error: 'a certificate in PEM, or a list of them' }).optional(),
      rejectUnauthorized: z.boolean().optional(),
      http2: z.boolean().optional(),
    })
    .optional(),
  csv: text.optional(),
  faults: z
    .union([z.array(fault), z.partialRecord(fault, faultShare)], { error: 'a list of faults, or shares by fault' })
    .optional(),
  upstreams: z.record(text, z.url({ error: 'a URL with host and port' })).optional(),
  services: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, { error: 'the name of an environment variable' }), serviceSchema)
    .optional(),
  pipelining: z.int().positive().optional(),
  setup: callable.optional(),
  teardown: callable.optional(),
  defects: z
    .record(text, z.strictObject({ summary: z.string(), audit: z.array(z.string()).optional(), expect: expectation }))
    .optional(),
  sound: z.array(z.string()).optional(),
  static: z.record(z.string(), z.string()).optional(),
});

export function metricName(expected: string) {
  return z.string().refine((name) => metricDefinition(name) !== undefined, { error: expected });
}

/**
 * Checks a scenario made by hand or by `defineScenario`.
 * @throws {PlateauError} `PLATEAU_INVALID_SCENARIO`, naming the field, what was expected and what it got
 */
export function validateScenario(value: unknown, origin: string): Scenario {
  const parsed = schema.safeParse(value);
  if (parsed.success) return value as Scenario;
  const problem = describeProblem(parsed.error, value, 'the scenario');
  throw new PlateauError('PLATEAU_INVALID_SCENARIO', `scenario ${origin}: ${problem}`, {
    hint: 'see "Writing a scenario" in scenarios/README.md for the fields and their forms',
  });
}
