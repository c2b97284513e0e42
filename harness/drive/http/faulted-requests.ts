import type { ClientFault } from '../../model/fault.js';
import type { DrivenOperation } from '../cycle-loop.js';
import type { CompiledRequest } from './compile-request.js';
import type { FaultyClient } from './faulty-client.js';
import { type CompiledOperation, type RequestContext, requestCycle } from './request-operations.js';
import type { SentRequest } from './sent-request.js';
import type { CycleValues, QuotedAnswer } from './template-text.js';

/** Under these the service never has a whole request, so that it made nothing that would have to be undone. */
const unfinished = new Set<ClientFault>(['abort-body', 'half-open', 'malformed', 'bad-body']);

export interface FaultedContext extends RequestContext {
  readonly client: FaultyClient;
  /** Uniform in [0, 1), of a cycle of an operation. */
  readonly randomsOf: (operation: string) => (cycle: number) => () => number;
}

/**
 * An operation made of requests, disturbed. What a client that left cannot undo is no leak of the service: where a request
 * makes something, the one that undoes it is disturbed, and then asked again.
 */
export function faultedRequests(
  operation: CompiledOperation,
  fault: ClientFault,
  context: FaultedContext,
): DrivenOperation {
  const { name, weight, create, destroy } = operation;
  const { client, http } = context;
  const inputOf = context.inputsOf(name);
  const randomOf = context.randomsOf(name);
  const sent = (request: CompiledRequest, cycle: number, answer?: QuotedAnswer): SentRequest => {
    const values: CycleValues = { cycle, input: inputOf(cycle), ...(answer && { answer }) };
    return { ...request.render(values), timeoutMs: request.timeoutMs };
  };
  if (destroy === undefined || unfinished.has(fault))
    return { name, weight, create: (cycle) => client.send(fault, sent(create, cycle), randomOf(cycle)) };
  const undisturbed = requestCycle(operation, context);
  return {
    ...undisturbed,
    async destroy(answer, cycle) {
      const request = sent(destroy, cycle, answer as QuotedAnswer);
      await client.send(fault, request, randomOf(cycle));
      await http.send(request);
    },
  };
}
