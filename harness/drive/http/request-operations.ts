import type { Fault } from '../../model/fault.js';
import type { HttpResponse } from '../../model/http.js';
import type { RequestOperation } from '../../model/request.js';
import type { Scenario } from '../../model/scenario.js';
import type { DrivenOperation } from '../cycle-loop.js';
import { type CompiledRequest, compileRequest, type OnRedirect } from './compile-request.js';
import type { PooledHttpClient } from './http-client.js';
import type { PlainOperation } from './http-rounds.js';
import { HttpStatusError } from './http-status-error.js';
import type { CycleValues, QuotedAnswer, ValueSources } from './template-text.js';

export interface RequestContext {
  readonly http: PooledHttpClient;
  /** The input that belongs to each cycle of an operation. */
  readonly inputsOf: (operation: string) => (cycle: number) => number;
  readonly onRedirect: OnRedirect;
}

/** An operation made of requests, ready to be driven. */
export interface CompiledOperation {
  readonly name: string;
  readonly weight: number;
  readonly create: CompiledRequest;
  readonly destroy?: CompiledRequest;
  readonly fault?: Fault;
}

export function isRequestOperation(operation: Scenario['operations'][string]): operation is RequestOperation {
  return typeof operation.create === 'object';
}

/**
 * The operations of a scenario that are made of requests, by name.
 * @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` for a value that cannot be had
 */
export function compileOperations(
  { operations }: Pick<Scenario, 'operations'>,
  sources: Pick<ValueSources, 'environment' | 'rows' | 'setup'>,
): ReadonlyMap<string, CompiledOperation> {
  return new Map(
    Object.entries(operations).flatMap(([name, operation]) =>
      isRequestOperation(operation) ? [[name, compileOperation(name, operation, sources)] as const] : [],
    ),
  );
}

function compileOperation(
  name: string,
  { weight = 1, create, destroy, fault }: RequestOperation,
  given: Pick<ValueSources, 'environment' | 'rows' | 'setup'>,
): CompiledOperation {
  const sources: ValueSources = { ...given, origin: `operation "${name}"`, quotes: false };
  return {
    name,
    weight,
    create: compileRequest(create, sources),
    ...(destroy !== undefined && { destroy: compileRequest(destroy, { ...sources, quotes: true }) }),
    ...(fault !== undefined && { fault }),
  };
}

/** Autocannon takes no shorter one. */
const timeoutMsMin = 1_000;

/** What autocannon can drive: one request, with an answer that says itself where it ends. */
export function isPlain({ create, destroy, fault }: CompiledOperation): boolean {
  const isOne = destroy === undefined && fault === undefined;
  return isOne && create.method !== 'HEAD' && create.timeoutMs >= timeoutMsMin;
}

export function plainOperation({ name, weight, create }: CompiledOperation, context: RequestContext): PlainOperation {
  return { name, weight, request: create, values: valuesOf(name, create, context) };
}

/** What the cycle loop drives. */
export function requestCycle(operation: CompiledOperation, context: RequestContext): DrivenOperation {
  const { name, weight, create, destroy } = operation;
  const ofCreate = valuesOf(name, create, context);
  const ofDestroy = destroy && valuesOf(name, destroy, context);
  return {
    name,
    weight,
    create: (cycle) => answerOf(name, create, ofCreate(cycle), context),
    ...(destroy !== undefined && {
      destroy: (answer: unknown, cycle: number) =>
        answerOf(name, destroy, { ...ofDestroy!(cycle), answer: answer as QuotedAnswer }, context),
    }),
  };
}

async function answerOf(
  name: string,
  request: CompiledRequest,
  values: CycleValues,
  { http, onRedirect }: RequestContext,
): Promise<HttpResponse> {
  const { method, path, headers, body } = request.render(values);
  const answer = await http.send({ method, path, headers, body, timeoutMs: request.timeoutMs });
  if (request.isRedirect(answer.status)) onRedirect(name, answer.status);
  if (request.expects(answer.status)) return answer;
  throw new HttpStatusError(name, answer.status, answer.text());
}

const noValues: CycleValues = { cycle: 0, input: 0 };

function valuesOf(
  name: string,
  { isStatic }: CompiledRequest,
  { inputsOf }: RequestContext,
): (cycle: number) => CycleValues {
  if (isStatic) return () => noValues;
  const inputOf = inputsOf(name);
  return (cycle) => ({ cycle, input: inputOf(cycle) });
}
