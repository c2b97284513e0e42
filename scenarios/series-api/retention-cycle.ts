import type { CycleContext, ScenarioTarget } from '../../harness/index.js';
import type { FailingCall } from './damaged-database.js';

const base = '/databases/main/retention-policies';
const damaged = '/databases/damaged/retention-policies';
const policy = { name: 'always there', series: 'cpu', keepDays: 30 };

/** Calls of the nine methods on a database that fails, and one that breaks a constraint. */
export const retentionFaults: readonly FailingCall[] = [
  ['PUT', damaged],
  ['POST', damaged, policy],
  ['GET', damaged],
  ['GET', `${damaged}/1`],
  ['PUT', `${damaged}/1`, { keepDays: 7 }],
  ['DELETE', `${damaged}/1`],
  ['GET', `${damaged}/1/executions`],
  ['POST', `${damaged}/1/executions`],
  ['PUT', `${damaged}/1/executions/1`, { deletedRows: 0 }],
  ['POST', base, policy],
];

export async function prepareRetention({ target }: { readonly target: ScenarioTarget }): Promise<void> {
  await target.http.put(base);
  await target.http.post(base, policy);
}

/** Creates a policy and runs it once. @returns its id */
export async function createPolicy({ target, cycle }: CycleContext): Promise<number> {
  const { http } = target;
  const { id } = (await http.post(base, { ...policy, name: `policy-${cycle}` })).json<{ id: number }>();
  const execution = (await http.post(`${base}/${id}/executions`)).json<{ id: number }>();
  await http.put(`${base}/${id}/executions/${execution.id}`, { deletedRows: 12 });
  return id;
}

export async function deletePolicy(id: number, { target }: CycleContext): Promise<void> {
  const executions = (await target.http.get(`${base}/${id}/executions`)).json<unknown[]>();
  if (executions.length !== 1) throw new Error(`policy ${id}: expected 1 execution, got ${executions.length}`);
  await target.http.delete(`${base}/${id}`);
}
