import { portOf } from '../model/address.js';
import { virtualTimeVariable } from '../model/agent-protocol.js';
import type { AgentConnection } from '../model/target.js';
import { isNodeProcess } from '../platform/node-process.js';
import { closeOverDescendants, readProcessTable } from '../platform/process-tree.js';
import { agentIn } from './attach/agent-in.js';
import type { StartContext } from './start-context.js';

export interface NodeBehind {
  readonly pid: number;
  readonly agent: AgentConnection;
}

/**
 * The Node process that a command started and that answers at the target's address: npm, npx and shells stay as they are,
 * and are no part of what is measured. With virtual time all processes of a command share a clock, so none has its own.
 * @param command pid of what was started
 * @returns undefined where the command answers itself, or something else than Node does
 */
export async function nodeBehind(
  command: number,
  url: string | undefined,
  context: StartContext,
): Promise<NodeBehind | undefined> {
  if (url === undefined || context.agentEnvironment?.[virtualTimeVariable] !== undefined) return undefined;
  const pid = context.findListener(portOf(url));
  if (pid === undefined || pid === command || !isNodeProcess(pid)) return undefined;
  if (!closeOverDescendants(readProcessTable(), [command]).has(pid)) return undefined;
  const agent = await agentIn(pid, context);
  return agent && { pid, agent };
}
