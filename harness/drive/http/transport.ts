import type { AnswerStream, HttpResponse, WebSocketHandle } from '../../model/http.js';
import type { SentRequest } from './sent-request.js';

/** How requests of a client are carried out. */
export interface HttpTransport {
  /** The answer, whatever its status, read to its end. */
  send(request: SentRequest): Promise<HttpResponse>;
  /** The answer, whatever its status, once its head has come. */
  open(request: SentRequest): Promise<AnswerStream>;
  openSocket(request: SentRequest): Promise<WebSocketHandle>;
}
