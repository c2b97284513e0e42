import { hostOf, portOf } from '../../model/address.js';
import { mallocReaderVariable } from '../../model/agent-protocol.js';
import { attributionVariable } from '../../model/attribution-protocol.js';
import { PlateauError, withHint } from '../../model/errors.js';
import type { PidTarget, UrlTarget } from '../../model/scenario.js';
import type { RunningTarget } from '../../model/target.js';
import { systemClock } from '../../platform/clock.js';
import { holdExit } from '../../platform/exit-hold.js';
import { isNodeProcess } from '../../platform/node-process.js';
import { pidExists } from '../../platform/process-identity.js';
import { assertReachable } from '../reachable.js';
import type { StartContext } from '../start-context.js';
import { type AttachedAgent, attachAgent } from './attach-agent.js';

/**
 * A process that plateau did not start is watched, never ended; what was put into a Node process is taken out again.
 * @throws {PlateauError} `PLATEAU_TARGET_START` where it does not run
 */
export async function attachTarget(
  definition: PidTarget | UrlTarget,
  context: StartContext,
  { wholeTree }: { readonly wholeTree?: boolean } = {},
): Promise<RunningTarget> {
  const pid = 'pid' in definition ? definition.pid : listenerOf(definition.url, context);
  if ('pid' in definition && !pidExists(definition.pid)) {
    throw new PlateauError(
      'PLATEAU_TARGET_START',
      `target ${context.name}: expected a running process, got pid ${definition.pid}, which does not exist`,
    );
  }
  if (definition.url !== undefined) await assertReachable(definition.url);
  const agent = pid === undefined || !isNodeProcess(pid) ? undefined : await agentIn(pid, context);
  return {
    pid,
    url: definition.url?.replace(/\/+$/, ''),
    temporaryDirectory: context.temporaryDirectory,
    agent,
    // Workers that a server has forked answer for it.
    wholeTree: wholeTree ?? agent === undefined,
    isStarted: false,
    exited: new Promise(() => undefined),
    lastLines: () => [],
    onLine: () => () => undefined,
    leakWarnings: () => [],
    stop: async () => agent?.leave(),
  };
}

/** What keeps plateau from looking inside is no reason to end the run: it is said, and the process is seen from outside. */
async function agentIn(
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

function listenerOf(url: string, { findListener }: StartContext): number | undefined {
  const host = hostOf(url);
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return local ? findListener(portOf(url)) : undefined;
}
