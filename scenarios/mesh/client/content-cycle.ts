import type { CycleContext, ScenarioTarget } from '../../../harness/index.js';
import { perTarget } from './per-target.js';
import { type Provider, startProvider } from './provider.js';

/** Where contents come from; it lives as long as the run. */
export const provider = perTarget<Provider>(startProvider, (started) => started.close());

export interface Transfer {
  readonly id: number;
}

/**
 * Starts a transfer. What its provider delivers is waited for; what stalls is left behind at once.
 * @param kind what the node is asked to do with the content
 * @param number of the content: those with an odd one stall
 */
export async function startTransfer(
  { target }: CycleContext,
  kind: 'downloads' | 'imports',
  number: number,
): Promise<Transfer> {
  const { port, content } = provider.of(target);
  const { hash, stalls } = content(number);
  const transfer = (await target.http.post(`/${kind}`, { port, hash })).json<Transfer>();
  if (!stalls) await target.http.get(`/${kind}/${transfer.id}`);
  return transfer;
}

export async function forgetTransfer(
  { id }: Transfer,
  { target }: CycleContext,
  kind: 'downloads' | 'imports',
): Promise<void> {
  await target.http.delete(`/${kind}/${id}`);
}

/** Setup and teardown of loops over contents. */
export const withProvider = {
  setup: ({ target }: { readonly target: ScenarioTarget }) => provider.open(target),
  teardown: ({ target }: { readonly target: ScenarioTarget }) => provider.close(target),
};
