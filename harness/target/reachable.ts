import net from 'node:net';
import { portOf } from '../model/address.js';
import { PlateauError } from '../model/errors.js';
import type { Readiness } from '../model/scenario.js';
import type { StartContext } from './start-context.js';

const connectTimeoutMs = 2_000;

/**
 * Where a target says that it is ready by accepting connections, another process on its port would be taken for it.
 * @throws {PlateauError} `PLATEAU_TARGET_START` when something accepts connections there already
 */
export async function assertPortFree(ready: Readiness, { findListener }: StartContext): Promise<void> {
  const address =
    'port' in ready ? { host: '127.0.0.1', port: ready.port } : 'url' in ready ? addressOf(ready.url) : undefined;
  if (address === undefined || !(await accepts(address))) return;
  const pid = findListener(address.port);
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  throw new PlateauError(
    'PLATEAU_TARGET_START',
    `port ${address.port} is in use: expected it to be free before the target starts, but ${who} accepts connections there`,
    { hint: 'end that process, give the target another port, or soak what runs there with `target: {url}`' },
  );
}

/**
 * @param url of a service that plateau does not start
 * @throws {PlateauError} `PLATEAU_TARGET_START` when nothing accepts connections there
 */
export async function assertReachable(url: string): Promise<void> {
  const address = addressOf(url);
  if (await accepts(address)) return;
  throw new PlateauError(
    'PLATEAU_TARGET_START',
    `nothing accepts connections at ${url}: expected a service that runs already`,
    { hint: 'start it first, or have plateau start it with `target: {command}` or `target: {script}`' },
  );
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf(url: string): Address {
  return { host: new URL(url).hostname.replace(/^\[|\]$/g, ''), port: portOf(url) };
}

/** Whether a TCP connection is accepted. */
function accepts({ host, port }: Address): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: connectTimeoutMs });
    const settle = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.on('connect', () => settle(true));
    socket.on('timeout', () => settle(false));
    socket.on('error', () => settle(false));
  });
}
