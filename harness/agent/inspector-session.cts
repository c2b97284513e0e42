import type inspector from 'node:inspector';
import type { RawFrame } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };

/** As V8's profilers show it; lines and columns are 0-based, those of the function's definition. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

export function rawFrameOf({ url, lineNumber, columnNumber, functionName }: CallFrame): RawFrame {
  return [url, lineNumber + 1, columnNumber + 1, functionName];
}

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
