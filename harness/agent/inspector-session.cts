import type inspector from 'node:inspector';

/** Asks a command of a session inside this process: those are answered before `post` returns. */
export function ask<Result>(session: inspector.Session, method: string, params: object = {}): Result {
  let answer: Result | undefined;
  let failure: unknown;
  session.post(method, params, (error: Error | null, result?: object) => {
    failure = error ?? undefined;
    answer = result as Result;
  });
  if (failure !== undefined) {
    throw new Error(`${method}: ${failure instanceof Error ? failure.message : JSON.stringify(failure)}`);
  }
  return answer as Result;
}
