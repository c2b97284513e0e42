import type { HttpResponse, ScenarioTarget } from '../../../harness/index.js';

/** Longer than it takes to see that nothing moves any more: a service that hangs shows as a stall, not as slow failures. */
const timeoutMs = 30_000;

export interface Numbered {
  readonly id: number;
}

/** Asks for something that is given back later, by its number. */
export async function take(target: ScenarioTarget, path: string, body: object = {}): Promise<Numbered> {
  return (await target.http.post(path, body, { timeoutMs })).json<Numbered>();
}

export function giveBack(target: ScenarioTarget, path: string): Promise<HttpResponse> {
  return target.http.delete(path, { timeoutMs });
}
