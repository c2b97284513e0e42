import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HttpRequestOptions, ScenarioTarget } from '../../harness/index.js';

/** One call in so many meets a fault. */
export const faultEvery = 4;

export type FailingCall = readonly [method: string, path: string, body?: HttpRequestOptions['body']];

/** Puts a file in the place of a database that is none: every statement fails with SQLITE_NOTADB. */
export async function damageDatabase({ target }: { readonly target: ScenarioTarget }): Promise<void> {
  const directory = join(target.temporaryDirectory, 'series-api', 'databases');
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'damaged.db'), 'this is no database, '.repeat(200));
}

/** In every fourth cycle makes one of the calls, each in its turn, and expects it to fail. */
export async function meetFault(target: ScenarioTarget, cycle: number, calls: readonly FailingCall[]): Promise<void> {
  if (cycle % faultEvery !== 0) return;
  const [method, path, body] = calls[(cycle / faultEvery) % calls.length]!;
  const answer = await target.http.request(method, path, { body, accept: [409, 500] });
  if (answer.status < 400) throw new Error(`${method} ${path}: expected a fault, got ${answer.status}`);
}
