import { PlateauError } from '../model/errors.js';
import type { ClientFault, UpstreamFault } from '../model/fault.js';
import type { HttpClient } from '../model/http.js';
import type { DrivenOperation } from './cycle-loop.js';
import { clientOf } from './http/http-client.js';
import type { SentRequest } from './http/sent-request.js';
import type { UpstreamProxy } from './upstream-proxy.js';

/** The handle of a cycle that a fault ended: there is nothing to destroy. */
const ended = Symbol('ended by a fault');

/** Thrown through the code of a scenario once its request was disturbed. */
class RequestDisturbed extends Error {
  override readonly name = 'RequestDisturbed';
}

/** An upstream fault while the operation creates; what fails under it fails as it should. */
export function duringUpstreamFault(
  operation: DrivenOperation,
  fault: UpstreamFault,
  upstreams: readonly UpstreamProxy[],
): DrivenOperation {
  return endedBy(operation, async (cycle) => {
    const ends = upstreams.map((upstream) => upstream.disturb(fault));
    try {
      return await operation.create(cycle);
    } catch {
      return ended;
    } finally {
      for (const end of ends) end();
    }
  });
}

/** An operation written as functions, whose `target.http` is one that disturbs: the first request ends the cycle. */
export function untilDisturbed(operation: DrivenOperation): DrivenOperation {
  return endedBy(operation, async (cycle) => {
    try {
      return await operation.create(cycle);
    } catch (error) {
      if (error instanceof RequestDisturbed) return ended;
      throw error;
    }
  });
}

/** Cycles after which an operation that has sent no request through `target.http` is taken to send none. */
const cyclesToReach = 10;

/** Whether a fault reaches the requests of an operation that is made of functions: what was never disturbed is not shown to be sound. */
export class FaultReach {
  private cycles = 0;
  private hasReached = false;

  constructor(
    private readonly operation: string,
    private readonly fault: ClientFault,
  ) {}

  /** @returns takes note that the cycle's request was disturbed */
  beginCycle(): () => void {
    this.cycles += 1;
    return () => {
      this.hasReached = true;
    };
  }

  /** @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` once it is plain that there is nothing to disturb */
  check(): void {
    if (this.hasReached || this.cycles < cyclesToReach) return;
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `operation "${this.operation}": the fault ${this.fault} disturbs requests through \`target.http\`, got none in ${this.cycles} cycles`,
      { hint: 'send its first request through `target.http`, or leave the fault out' },
    );
  }
}

function endedBy(operation: DrivenOperation, create: DrivenOperation['create']): DrivenOperation {
  return {
    name: operation.name,
    weight: operation.weight,
    create,
    destroy: (handle, cycle) => (handle === ended ? undefined : operation.destroy?.(handle, cycle)),
  };
}

/** What asks for a WebSocket. */
const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'cGxhdGVhdSBsZWF2ZXMhIQ==',
};

/** The `target.http` of a disturbed cycle. */
export function disturbingHttp(disturb: (request: SentRequest) => Promise<void>): HttpClient {
  const end = async (request: SentRequest): Promise<never> => {
    await disturb(request);
    throw new RequestDisturbed(`${request.method} ${request.path} was disturbed`);
  };
  const openSocket = (request: SentRequest) => end({ ...request, headers: { ...request.headers, ...upgrade } });
  const client = clientOf({ send: end, open: end, openSocket }, '');
  // Whoever it logs in as, its first request is the one.
  return { ...client, session: () => client };
}
