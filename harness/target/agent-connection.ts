import type { Duplex } from 'node:stream';
import type { AgentHello } from '../model/agent-protocol.js';
import type { AgentConnection } from '../model/target.js';
import { RequestClient } from '../platform/request-client.js';

/**
 * Greets the agent over the socket pair; see model/agent-protocol.ts.
 * @throws {PlateauError} when it does not answer within `timeoutMs` or the process is gone
 */
export async function connectAgent(stream: Duplex, timeoutMs: number): Promise<AgentConnection> {
  const client = new RequestClient(stream, 'its event loop is blocked; look for synchronous work that does not end');
  const hello = await client.request<AgentHello>('hello', {}, { timeoutMs });
  return { hello, request: (method, params, options) => client.request(method, params, options) };
}
