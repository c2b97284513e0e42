import type { Dispatcher } from 'undici';
import type { HttpResponse } from '../../model/http.js';

const noHeaders: HttpResponse['headers'] = {};

/** An answer that goes on and on, as an event stream does: each piece comes in time, and the whole never does. */
class EndlessAnswerError extends Error {
  readonly code = 'TIMEOUT';

  constructor(timeoutMs: number, { headers }: HttpResponse) {
    const what = String(headers['content-type'] ?? '').startsWith('text/event-stream')
      ? 'the event stream'
      : 'the answer';
    super(`${what} had no end within ${timeoutMs} ms`);
  }
}

/** Takes in one answer, and is it: a request makes one object, so that the client costs little beside the target. */
export class Answer implements Dispatcher.DispatchHandler, HttpResponse {
  status = 0;
  headers: HttpResponse['headers'] = noHeaders;
  private first: Buffer | undefined;
  private further: Buffer[] | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private readonly startedMs = performance.now();

  constructor(
    private readonly resolve: (answer: HttpResponse) => void,
    private readonly reject: (error: Error) => void,
    private readonly timeoutMs: number,
    private readonly signal?: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this);
  }

  /** Of the signal, whether the request waits for a connection still or is under way. */
  handleEvent(): void {
    const reason = this.signal?.reason as Error;
    this.controller?.abort(reason);
    this.onResponseError(undefined, reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.signal?.aborted) controller.abort(this.signal.reason as Error);
  }

  onResponseStart(_controller: unknown, status: number, headers: HttpResponse['headers']): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.first === undefined) this.first = chunk;
    else if (this.further === undefined) this.further = [this.first, chunk];
    else this.further.push(chunk);
    if (this.further !== undefined && performance.now() - this.startedMs > this.timeoutMs)
      this.controller?.abort(new EndlessAnswerError(this.timeoutMs, this));
  }

  onResponseEnd(): void {
    this.signal?.removeEventListener('abort', this);
    this.resolve(this);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.signal?.removeEventListener('abort', this);
    this.reject(error);
  }

  text(): string {
    if (this.further !== undefined) this.first = Buffer.concat(this.further);
    this.further = undefined;
    return this.first?.toString() ?? '';
  }

  json<T>(): T {
    return JSON.parse(this.text()) as T;
  }
}
