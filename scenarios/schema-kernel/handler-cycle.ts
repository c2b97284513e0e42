import type { CycleContext } from '../../harness/index.js';

/** Registers a handler for a tag of that number and sends it a message. */
export async function registerHandler({ target }: CycleContext, number: number): Promise<string> {
  const tag = `tag-${number}`;
  await target.http.put(`/handlers/${tag}`);
  const answer = await target.http.post(`/messages/${tag}`, { number });
  if (answer.json<{ reply: string }>().reply !== `re: ${tag}`) throw new Error(`${tag}: another handler answered`);
  return tag;
}

export async function unregisterHandler(tag: string, { target }: CycleContext): Promise<void> {
  await target.http.delete(`/handlers/${tag}`);
}
