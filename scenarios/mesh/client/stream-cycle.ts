import type { CycleContext } from '../../../harness/index.js';

/** More than fit into the inbox of the actor that hears when one goes. */
const streamsPerGroup = 16;

/** Event streams that are opened together and dropped in one go. */
export interface StreamGroup {
  readonly id: number;
}

export async function openGroup({ target }: CycleContext): Promise<StreamGroup> {
  const group = (await target.http.post('/streams', { count: streamsPerGroup })).json<StreamGroup>();
  const { reached } = (await target.http.post('/events', { news: group.id })).json<{ reached: number }>();
  if (reached < streamsPerGroup)
    throw new Error(`events: ${streamsPerGroup} streams were open, ${reached} were reached`);
  return group;
}

/** @param restart the hub's actor is replaced while the notices are on their way */
export async function dropGroup(
  { id }: StreamGroup,
  { target }: CycleContext,
  { restart }: { readonly restart: boolean },
): Promise<void> {
  await target.http.delete(`/streams/${id}?restart=${restart}`);
}
