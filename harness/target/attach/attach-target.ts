import { hostOf, portOf } from '../../model/address.js';
import { PlateauError } from '../../model/errors.js';
import type { PidTarget, UrlTarget } from '../../model/scenario.js';
import type { RunningTarget } from '../../model/target.js';
import { isNodeProcess } from '../../platform/node-process.js';
import { pidExists } from '../../platform/process-identity.js';
import { assertReachable } from '../reachable.js';
import type { StartContext } from '../start-context.js';
import { agentIn } from './agent-in.js';

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

function listenerOf(url: string, { findListener }: StartContext): number | undefined {
  const host = hostOf(url);
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return local ? findListener(portOf(url)) : undefined;
}
