import { UpstreamProxy } from '../../drive/upstream-proxy.js';
import { portOf } from '../../model/address.js';
import { PlateauError } from '../../model/errors.js';
import { isUpstreamFault } from '../../model/fault.js';
import type { Scenario, TargetDefinition } from '../../model/scenario.js';

export interface Upstreams {
  readonly proxies: readonly UpstreamProxy[];
  /** What the target is given in place of the real addresses. */
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

/** Puts a proxy before each upstream of a scenario, and before each of its services where a fault wants one. */
export async function openUpstreams(
  scenario: Pick<Scenario, 'upstreams' | 'operations'> | undefined,
  services: Readonly<Record<string, string>>,
): Promise<Upstreams> {
  const { upstreams = {}, operations = {} } = scenario ?? {};
  const areDisturbed = Object.values(operations).some(({ fault }) => fault !== undefined && isUpstreamFault(fault));
  const proxied = { ...(areDisturbed && services), ...upstreams };
  const opened = await Promise.all(
    Object.entries(proxied).map(async ([variable, address]) => {
      const url = new URL(address);
      const proxy = await UpstreamProxy.open({ host: url.hostname.replace(/^\[|\]$/g, ''), port: portOf(address) });
      url.hostname = '127.0.0.1';
      url.port = String(proxy.port);
      const given = address.endsWith('/') ? url.href : url.href.replace(/\/$/, '');
      return { variable, proxy, given };
    }),
  );
  return {
    proxies: opened.map(({ proxy }) => proxy),
    environment: { ...services, ...Object.fromEntries(opened.map(({ variable, given }) => [variable, given])) },
    close: () => {
      for (const { proxy } of opened) proxy.close();
    },
  };
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
