import { constants } from 'node:os';
import { z } from 'zod';
import { PlateauError } from '../model/errors.js';
import { describeProblem } from './describe-problem.js';

const positive = z.number().positive();
const text = z.string().min(1);

const readiness = z
  .object({
    listening: z.literal(true),
    port: z.int().min(1).max(65_535),
    secure: z.boolean(),
    line: z.union([text, z.instanceof(RegExp)], { error: 'a text or a regular expression' }),
    message: z.union([text, z.record(z.string(), z.unknown())], { error: 'a text or an object' }),
    url: z.url({ error: 'a URL' }),
    timeoutMs: positive,
  })
  .partial()
  .strict()
  .refine((ready) => ready.secure === undefined || ready.port !== undefined, { error: '`secure` beside `port` alone' })
  .refine((ready) => Object.keys(ready).filter((key) => key !== 'timeoutMs' && key !== 'secure').length === 1, {
    error: 'exactly one of listening, port, line, message, url',
  });

const server = {
  env: z.record(z.string(), z.string()).optional(),
  stopTimeoutMs: z.number().nonnegative().optional(),
};

const started = {
  ...server,
  cwd: text.optional(),
  ready: readiness.optional(),
  stopSignal: z
    .string()
    .refine((name) => name in constants.signals, { error: "a signal such as 'SIGINT'" })
    .optional(),
  virtualTime: z.boolean().optional(),
};

const setting = z.union([z.string(), z.number(), z.boolean()], { error: 'a text, a number, or true or false' });

const startable = [
  z.strictObject({
    script: z.union([text, z.instanceof(URL)]),
    arguments: z.array(z.string()).optional(),
    nodeArguments: z.array(z.string()).optional(),
    ...started,
  }),
  z.strictObject({ command: z.array(z.string()).min(1), ...started }),
  z.strictObject({
    go: text,
    arguments: z.array(z.string()).optional(),
    buildFlags: z.array(z.string()).optional(),
    ...started,
  }),
  z.strictObject({
    redis: runningOrStarted(
      /^rediss?$/,
      z.strictObject({ ...server, arguments: z.array(z.string()).optional(), executable: text.optional() }),
      'an address such as redis://127.0.0.1:6379, or an object with arguments, executable, env, stopTimeoutMs',
    ),
  }),
  z.strictObject({
    postgres: runningOrStarted(
      /^postgres(ql)?$/,
      z.strictObject({ ...server, settings: z.record(text, setting).optional(), executable: text.optional() }),
      'an address such as postgres://user@127.0.0.1/database, or an object with settings, executable, env, stopTimeoutMs',
    ),
  }),
] as const;

export const serviceSchema = z.union(startable, {
  error: 'one of {script}, {command}, {go}, {redis}, {postgres} with the fields that belong to it',
});

export const targetSchema = z.union(
  [
    ...startable,
    z.strictObject({ pid: z.int().positive(), url: z.url().optional() }),
    z.strictObject({ url: z.url() }),
  ],
  { error: 'one of {script}, {command}, {go}, {pid}, {url}, {redis}, {postgres} with the fields that belong to it' },
);

function runningOrStarted(protocol: RegExp, server: z.ZodType, error: string) {
  return z.union([z.url({ protocol, error }), server], { error });
}

/** The target that a scenario's function returned. */
export function validateTarget(value: unknown, origin: string): void {
  const returned = { target: value };
  const parsed = z.object({ target: targetSchema }).safeParse(returned);
  if (parsed.success) return;
  const problem = describeProblem(parsed.error, returned, 'the scenario');
  throw new PlateauError('PLATEAU_INVALID_SCENARIO', `scenario ${origin}: ${problem}`, {
    hint: 'see "Targets" in scenarios/README.md for the forms of a target',
  });
}
