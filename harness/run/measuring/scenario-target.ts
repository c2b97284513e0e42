import { absentHttpClient, createHttpClient, type PooledHttpClient } from '../../drive/http/http-client.js';
import { checkProtocol } from '../../drive/http/spoken-protocol.js';
import { portOf } from '../../model/address.js';
import { PlateauError } from '../../model/errors.js';
import type { HttpClient } from '../../model/http.js';
import type { Scenario, ScenarioTarget } from '../../model/scenario.js';
import type { RunningTarget } from '../../model/target.js';

/** @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` where the target does not speak what the scenario says */
export async function httpClientOf(
  { url }: RunningTarget,
  { name, http: settings = {}, pipelining = 1 }: Scenario,
  concurrency: number,
): Promise<PooledHttpClient> {
  if (url === undefined) return absentHttpClient(() => noAddress(name));
  if (!/^https?:/.test(url)) return absentHttpClient(() => noHttp(url));
  await checkProtocol(url, settings);
  return createHttpClient(url, { connections: Math.ceil(concurrency / pipelining) + 1, pipelining }, settings);
}

/** The target as operations see it. */
export function scenarioTarget(
  target: RunningTarget,
  name: string,
  http: HttpClient,
  services: ScenarioTarget['services'],
): ScenarioTarget {
  const url = () => {
    if (target.url === undefined) throw noAddress(name);
    return target.url;
  };
  return {
    get url() {
      return url();
    },
    get port() {
      return portOf(url());
    },
    pid: target.pid,
    temporaryDirectory: target.temporaryDirectory,
    services,
    http,
  };
}

function noAddress(name: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_SCENARIO', `target ${name} has no address: its readiness reported no port`, {
    hint: 'use ready: {port}, {url}, or {line} with a group named `port`',
  });
}

function noHttp(url: string): PlateauError {
  const { protocol } = new URL(url);
  return new PlateauError(
    'PLATEAU_INVALID_SCENARIO',
    `\`target.http\` expected a target whose address begins with http:// or https://, got ${protocol}//`,
    { hint: 'connect to `target.url` in `create` with a client for that protocol' },
  );
}
