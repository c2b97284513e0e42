import { z } from 'zod';
import { PlateauError } from '../model/errors.js';
import { metricDefinition } from '../model/metric.js';
import type { Scenario } from '../model/scenario.js';
import { runVerdicts, shapes } from '../model/verdict.js';

const callable = z.custom<(...values: never[]) => unknown>((value) => typeof value === 'function', {
  error: 'a function',
});
const positive = z.number().positive();
const text = z.string().min(1);

const readiness = z
  .object({
    listening: z.literal(true),
    port: z.int().min(1).max(65_535),
    line: z.union([text, z.instanceof(RegExp)]),
    message: z.union([text, z.record(z.string(), z.unknown())]),
    url: z.url(),
    timeoutMs: positive,
  })
  .partial()
  .strict()
  .refine((ready) => Object.keys(ready).filter((key) => key !== 'timeoutMs').length === 1, {
    error: 'exactly one of listening, port, line, message, url',
  });

const started = {
  env: z.record(z.string(), z.string()).optional(),
  cwd: text.optional(),
  ready: readiness.optional(),
  stopTimeoutMs: z.number().nonnegative().optional(),
};

const target = z.union(
  [
    z.strictObject({
      script: z.union([text, z.instanceof(URL)]),
      arguments: z.array(z.string()).optional(),
      nodeArguments: z.array(z.string()).optional(),
      ...started,
    }),
    z.strictObject({ command: z.array(z.string()).min(1), ...started }),
    z.strictObject({ pid: z.int().positive(), url: z.url().optional() }),
    z.strictObject({ url: z.url() }),
  ],
  { error: 'one of {script}, {command}, {pid}, {url} with the fields that belong to it' },
);

const operation = z.strictObject({ weight: positive.optional(), create: callable, destroy: callable });

const gaugeKind = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('level') }),
  z.strictObject({ kind: z.literal('counter') }),
  z.strictObject({ kind: z.literal('bounded'), bound: z.number() }),
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
  target: z.union([callable, target], {
    error: 'one of {script}, {command}, {pid}, {url}, or a function that returns one',
  }),
  operations: z
    .record(text, operation)
    .refine((operations) => Object.keys(operations).length > 0, { error: 'at least one operation' }),
  gauges: callable.optional(),
  gaugeKinds: z.record(z.string(), gaugeKind).optional(),
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
  setup: callable.optional(),
  teardown: callable.optional(),
  defects: z
    .record(text, z.strictObject({ summary: z.string(), audit: z.array(z.string()).optional(), expect: expectation }))
    .optional(),
  sound: z.array(z.string()).optional(),
  static: z.record(z.string(), z.string()).optional(),
});

function metricName(expected: string) {
  return z.string().refine((name) => metricDefinition(name) !== undefined, { error: expected });
}

/**
 * Checks a scenario made by hand or by `defineScenario`.
 * @throws {PlateauError} `PLATEAU_INVALID_SCENARIO`, naming the field, what was expected and what it got
 */
export function validateScenario(value: unknown, origin: string): Scenario {
  const parsed = schema.safeParse(value);
  if (parsed.success) return value as Scenario;
  const issue = deepestIssue(parsed.error.issues[0]!);
  const problem =
    issue.code === 'invalid_key'
      ? `${fieldName(issue.path)} must be named after ${issue.issues[0]?.message ?? 'a known name'}`
      : issue.code === 'unrecognized_keys'
        ? `${fieldName(issue.path)} has no field ${issue.keys.map((key) => `\`${key}\``).join(', ')}`
        : `${fieldName(issue.path)} must be ${expectedOf(issue)}, got ${describeValue(valueAt(value, issue.path))}`;
  throw new PlateauError('PLATEAU_INVALID_SCENARIO', `scenario ${origin}: ${problem}`, {
    hint: 'see "A scenario in twenty lines" in the README for the fields and their forms',
  });
}

/** The target that a scenario's function returned. */
export function validateTarget(value: unknown, origin: string): void {
  const parsed = target.safeParse(value);
  if (parsed.success) return;
  throw new PlateauError(
    'PLATEAU_INVALID_SCENARIO',
    `scenario ${origin}: \`target\` must be one of {script}, {command}, {pid}, {url}, got ${describeValue(value)}`,
  );
}

type Issue = z.core.$ZodIssue;

/** Of a union, the branch that came furthest says best what is wrong. */
function deepestIssue(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const nested = issue.errors.map((issues) => issues[0]).filter((candidate) => candidate !== undefined);
  const deepest = nested.sort((left, right) => right.path.length - left.path.length)[0];
  if (deepest === undefined || deepest.path.length === 0) return issue;
  return deepestIssue({ ...deepest, path: [...issue.path, ...deepest.path] });
}

function expectedOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'the scenario' : `\`${path.map(String).join('.')}\``;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  const shown = JSON.stringify(value) ?? String(value);
  return `\`${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}\` (${Array.isArray(value) ? 'array' : typeof value})`;
}
