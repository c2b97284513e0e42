import { UpstreamProxy } from '../../drive/upstream-proxy.js';
import { hostOf, portOf } from '../../model/address.js';
import { PlateauError } from '../../model/errors.js';
import { isUpstreamFault } from '../../model/fault.js';
import type { Scenario, TargetDefinition } from '../../model/scenario.js';

export interface Upstreams {
  readonly proxies: readonly UpstreamProxy[];
  /** What the target is given in place of the real addresses. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Puts a proxy before each upstream of a scenario, and before each of its services where a fault wants one.
 * @param onOpened takes how to close each, also where a later one cannot be opened
 */
export async function openUpstreams(
  scenario: Pick<Scenario, 'upstreams' | 'operations'> | undefined,
  services: Readonly<Record<string, string>>,
  onOpened: (close: () => void) => void,
): Promise<Upstreams> {
  const { upstreams = {}, operations = {} } = scenario ?? {};
  const areDisturbed = Object.values(operations).some(({ fault }) => fault !== undefined && isUpstreamFault(fault));
  const proxied = { ...(areDisturbed && services), ...upstreams };
  const proxies: UpstreamProxy[] = [];
  const environment: Record<string, string> = { ...services };
  for (const [variable, address] of Object.entries(proxied)) {
    const proxy = await UpstreamProxy.open({ host: hostOf(address), port: portOf(address) });
    onOpened(() => proxy.close());
    proxies.push(proxy);
    const url = new URL(address);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    environment[variable] = address.endsWith('/') ? url.href : url.href.replace(/\/$/, '');
  }
  return { proxies, environment };
}

/** @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` for a target that plateau does not start */
export function behindUpstreams(definition: TargetDefinition, { environment }: Upstreams): TargetDefinition {
  if (Object.keys(environment).length === 0) return definition;
  if ('script' in definition || 'command' in definition || 'go' in definition)
    return { ...definition, env: { ...definition.env, ...environment } };
  throw new PlateauError(
    'PLATEAU_INVALID_SCENARIO',
    '`upstreams` and `services` need a target that plateau starts, got one that runs already',
    {
      hint: 'use target: {script}, {command} or {go}: addresses are passed in its environment',
    },
  );
}
