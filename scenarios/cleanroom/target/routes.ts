import type { RouteRequest, Routes } from '../../service/route.js';
import { ServiceError } from '../../service/service-error.js';
import type { Cleanroom } from './cleanroom.js';
import { cleanroomGauges } from './cleanroom-gauges.js';
import type { Transfer } from './locks/accounts.js';
import type { RunnerRequest } from './runner/runners.js';
import { type ScopeExit, scopeExits } from './sessions/scopes.js';

export function cleanroomRoutes(room: Cleanroom): Routes {
  const { fixtures, sessions, scopes, monitors, environments, reports, accounts, runners, holders, subsystems } = room;
  return {
    'GET /runtime': () => ({ kind: room.runtime.kind, ...(room.reason !== undefined && { reason: room.reason }) }),

    'POST /fixtures': ({ body }) => fixtures.take({ flaky: flag(body, 'flaky') }),
    'DELETE /fixtures/:id': (request) => fixtures.giveBack(idOf(request)),

    'POST /sessions': ({ body }) =>
      sessions.open({ containers: count(body, 'containers'), stubborn: flag(body, 'stubborn') }),
    'GET /sessions/:id': (request) => sessions.describe(idOf(request)),
    'DELETE /sessions/:id': (request) => sessions.end(idOf(request)),

    'POST /scopes': ({ body }) => scopes.enter({ faulty: flag(body, 'faulty') }),
    'DELETE /scopes/:id': (request) => scopes.leave(idOf(request), parseExit(request.query)),

    'POST /monitors': () => monitors.start(),
    'DELETE /monitors/:id': (request) => monitors.stop(idOf(request)),

    'POST /environments': ({ body }) =>
      environments.create({ holders: count(body, 'holders'), stall: flag(body, 'stall') }),
    'DELETE /environments/:id/holder': (request) => environments.release(idOf(request)),

    'POST /reports': () => reports.collect(),
    'DELETE /reports/:id': (request) => reports.discard(idOf(request)),

    'POST /transfers': ({ body }) => accounts.transfer(parseTransfer(body)),

    'POST /runners': ({ body }) => runners.start(parseRunner(body)),
    'DELETE /runners/:id': (request) =>
      runners.end(idOf(request), { terminate: request.query.get('terminate') === 'true' }),
    'POST /holders': ({ body }) => holders.start({ containers: count(body, 'containers') }),
    'DELETE /holders/:id': (request) => holders.kill(idOf(request)),
    'POST /runs/:run/cleanup': ({ parameters }) => room.cleanUpAfter(parameters.run!),

    'POST /subsystems': () => subsystems.start(),
    'DELETE /subsystems/:id': (request) => subsystems.stop(idOf(request)),

    'GET /stats': () => cleanroomGauges(room),
  };
}

type Body = Readonly<Record<string, unknown>>;

function idOf({ parameters }: RouteRequest): number {
  return Number(parameters.id);
}

function flag(body: unknown, name: string): boolean {
  return ((body ?? {}) as Body)[name] === true;
}

/** A whole number from 0 to 100; absent: 1. */
function count(body: unknown, name: string): number {
  const value = ((body ?? {}) as Body)[name] ?? 1;
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 100) {
    throw new ServiceError(400, `${name}: expected a whole number from 0 to 100`);
  }
  return value as number;
}

function parseExit(query: URLSearchParams): ScopeExit {
  const exit = query.get('exit') as ScopeExit;
  if (!scopeExits.includes(exit)) throw new ServiceError(400, `exit: expected one of ${scopeExits.join(', ')}`);
  return exit;
}

function parseRunner(body: unknown): RunnerRequest {
  const { ending } = (body ?? {}) as Body;
  if (ending !== 'end' && ending !== 'crash' && ending !== 'wait') {
    throw new ServiceError(400, 'ending: expected end, crash or wait');
  }
  return { ending, containers: count(body, 'containers'), guards: count(body, 'guards') };
}

function parseTransfer(body: unknown): Transfer {
  const { from, to, amount } = (body ?? {}) as Body;
  if (typeof from !== 'number' || typeof to !== 'number' || typeof amount !== 'number' || from === to) {
    throw new ServiceError(400, 'transfer: expected {from, to, amount}, from one account to another');
  }
  return { from, to, amount };
}
