import type { CycleContext, ScenarioTarget } from '../../harness/index.js';
import type { FailingCall } from './damaged-database.js';

const base = '/databases/main/continuous-queries';
const damaged = '/databases/damaged/continuous-queries';
const query = { name: 'always there', sql: 'SELECT 1', everySeconds: 60 };

/** Calls of the nine methods on a database that fails, and one that breaks a constraint. */
export const continuousQueryFaults: readonly FailingCall[] = [
  ['PUT', damaged],
  ['POST', damaged, query],
  ['GET', damaged],
  ['GET', `${damaged}/1`],
  ['PUT', `${damaged}/1`, { everySeconds: 10 }],
  ['DELETE', `${damaged}/1`],
  ['GET', `${damaged}/1/executions`],
  ['POST', `${damaged}/1/executions`, { rows: 1 }],
  ['PUT', `${damaged}/1/last-processed`, { at: '2026-01-01' }],
  ['POST', base, query],
];

export async function prepareContinuousQueries({ target }: { readonly target: ScenarioTarget }): Promise<void> {
  await target.http.put(base);
  await target.http.post(base, query);
}

/** Creates a continuous query and records one run of it. @returns its id */
export async function createContinuousQuery({ target, cycle }: CycleContext): Promise<number> {
  const { http } = target;
  const { id } = (await http.post(base, { ...query, name: `query-${cycle}` })).json<{ id: number }>();
  await http.post(`${base}/${id}/executions`, { rows: cycle });
  await http.put(`${base}/${id}/last-processed`, { at: '2026-01-01' });
  return id;
}

export async function deleteContinuousQuery(id: number, { target }: CycleContext): Promise<void> {
  const executions = (await target.http.get(`${base}/${id}/executions`)).json<unknown[]>();
  if (executions.length !== 1) throw new Error(`query ${id}: expected 1 execution, got ${executions.length}`);
  await target.http.delete(`${base}/${id}`);
}
