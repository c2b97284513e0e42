import net from 'node:net';
import { hostOf, portOf } from '../model/address.js';
import { PlateauError } from '../model/errors.js';
import type { Readiness } from '../model/scenario.js';
import type { StartContext } from './start-context.js';

const connectTimeoutMs = 2_000;
/** Some services listen on one of them alone. */
export const loopbackHosts = ['127.0.0.1', '::1'] as const;

/**
 * Where a target says that it is ready by accepting connections, another process on its port would be taken for it.
 * @throws {PlateauError} `PLATEAU_TARGET_START` when something accepts connections there already
 */
export async function assertPortFree(ready: Readiness, { findListener }: StartContext): Promise<void> {
  const addresses =
    'port' in ready
      ? loopbackHosts.map((host) => ({ host, port: ready.port }))
      : 'url' in ready
        ? [addressOf(ready.url)]
        : [];
  for (const address of addresses) {
    if ((await connectionProblem(address)) !== undefined) continue;
    const pid = findListener(address.port);
    const who = pid === undefined ? 'another process' : `process ${pid}`;
    throw new PlateauError(
      'PLATEAU_TARGET_START',
      `port ${address.port} is in use: expected it to be free before the target starts, but ${who} accepts connections there`,
      { hint: 'end that process, give the target another port, or soak what runs there with `target: {url}`' },
    );
  }
}

/**
 * @param url of a service that plateau does not start
 * @throws {PlateauError} `PLATEAU_TARGET_START` when nothing accepts connections there
 */
export async function assertReachable(url: string): Promise<void> {
  const address = addressOf(url);
  const problem = await connectionProblem(address);
  if (problem === undefined) return;
  throw new PlateauError(
    'PLATEAU_TARGET_START',
    `nothing accepts connections at ${url}: expected a service that runs already, got ${problem}`,
    {
      hint: 'start it first, or have plateau start it: `--start` of `plateau http`, `target: {command}` or `{script}` of a scenario',
    },
  );
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf(url: string): Address {
  return { host: hostOf(url), port: portOf(url) };
}

/** Why no TCP connection is accepted; `undefined` where one is. */
export function connectionProblem({ host, port }: Address): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: connectTimeoutMs });
    const settle = (problem: string | undefined) => {
      socket.destroy();
      resolve(problem);
    };
    socket.on('connect', () => settle(undefined));
    socket.on('timeout', () => settle(`no answer within ${connectTimeoutMs / 1_000} s`));
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => settle(code ?? message));
  });
}
