import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Dispatcher } from 'undici';
import type { AnswerStream, EventStream, ServerSentEvent, WaitOptions } from '../../model/http.js';
import { inTime } from './open-handles.js';
import type { SentRequest } from './sent-request.js';

/** Asks, and gives the answer once its head has come. */
export async function openAnswer(dispatcher: Dispatcher, request: SentRequest): Promise<AnswerStream> {
  const { method, path, headers, body, timeoutMs, signal } = request;
  const answer = await dispatcher.request({
    method: method as Dispatcher.HttpMethod,
    path,
    headers,
    body: body ?? null,
    headersTimeout: timeoutMs,
    // What stays open may be silent.
    bodyTimeout: 0,
    ...(signal && { signal }),
  });
  const { statusCode: status, headers: answered, body: pieces } = answer;
  // Whoever reads gets the error; else `closed` shows the end.
  pieces.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => pieces.once('close', () => resolve()));
  return {
    status,
    headers: answered,
    closed,
    [Symbol.asyncIterator]: () => pieces[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
    close() {
      pieces.destroy();
      return closed;
    },
  };
}

/** The events in an answer, read as they are asked for. */
export function eventsOf(answer: AnswerStream, request: string): EventStream {
  const waiting: ServerSentEvent[] = [];
  const parser = createParser({
    onEvent: ({ event = 'message', data, id }: EventSourceMessage) => void waiting.push({ event, data, id }),
  });
  const decoder = new TextDecoder();
  const pieces = answer[Symbol.asyncIterator]();
  let piece: Promise<IteratorResult<Uint8Array>> | undefined;
  return {
    closed: answer.closed,
    close: () => answer.close(),
    async next(options: WaitOptions = {}): Promise<ServerSentEvent> {
      for (let event = waiting.shift(); ; event = waiting.shift()) {
        if (event !== undefined) return event;
        // One that came too late for an earlier call is the next one's.
        piece ??= pieces.next();
        const { done, value } = await inTime(piece, `an event of ${request}`, options);
        piece = undefined;
        if (done) throw new Error(`the events of ${request} have ended`);
        parser.feed(decoder.decode(value, { stream: true }));
      }
    },
  };
}
