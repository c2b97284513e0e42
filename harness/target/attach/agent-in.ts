import { mallocReaderVariable } from '../../model/agent-protocol.js';
import { attributionVariable } from '../../model/attribution-protocol.js';
import { PlateauError, withHint } from '../../model/errors.js';
import { systemClock } from '../../platform/clock.js';
import { holdExit } from '../../platform/exit-hold.js';
import type { StartContext } from '../start-context.js';
import { type AttachedAgent, attachAgent } from './attach-agent.js';

/**
 * Puts the agent into a Node process. What keeps plateau from looking inside is no reason to end the run: it is said, and the
 * process is seen from outside.
 */
export async function agentIn(
  pid: number,
  { agentEnvironment, ownerDirectory, warn }: StartContext,
): Promise<AttachedAgent | undefined> {
  const attribution = agentEnvironment?.[attributionVariable] === '1';
  try {
    const mallocReader = agentEnvironment?.[mallocReaderVariable];
    return await holdExit(attachAgent(pid, { attribution, mallocReader, ownerDirectory, clock: systemClock }));
  } catch (error) {
    if (!(error instanceof PlateauError) || error.code !== 'PLATEAU_NO_INSIDE_VIEW') throw error;
    warn(`process ${pid} (Node.js) is seen from outside only: ${withHint(error)}`);
    return undefined;
  }
}
