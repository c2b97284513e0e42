import { UpstreamProxy } from '../../drive/upstream-proxy.js';
import { portOf } from '../../model/address.js';
import { PlateauError } from '../../model/errors.js';
import type { Scenario, TargetDefinition } from '../../model/scenario.js';

export interface Upstreams {
  readonly proxies: readonly UpstreamProxy[];
  /** What the target is given in place of the real addresses. */
  readonly environment: Readonly<Record<string, string>>;
  close(): void;
}

/** Puts a proxy before each upstream of a scenario. */
export async function openUpstreams({ upstreams = {} }: Pick<Scenario, 'upstreams'>): Promise<Upstreams> {
  const opened = await Promise.all(
    Object.entries(upstreams).map(async ([variable, address]) => {
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
    environment: Object.fromEntries(opened.map(({ variable, given }) => [variable, given])),
    close: () => {
      for (const { proxy } of opened) proxy.close();
    },
  };
}

/** @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` for a target that plateau does not start */
export function behindUpstreams(definition: TargetDefinition, { environment }: Upstreams): TargetDefinition {
  if (Object.keys(environment).length === 0) return definition;
  if ('script' in definition || 'command' in definition)
    return { ...definition, env: { ...definition.env, ...environment } };
  throw new PlateauError(
    'PLATEAU_INVALID_SCENARIO',
    '`upstreams` needs a target that plateau starts, got one that runs already',
    {
      hint: 'use target: {script} or {command}: the addresses of its upstreams are passed in its environment',
    },
  );
}
