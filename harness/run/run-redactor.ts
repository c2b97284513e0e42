import { createRedactor, type Redact } from '../model/redact.js';
import type { RequestTemplate } from '../model/request.js';
import type { TargetDefinition } from '../model/scenario.js';
import type { SessionSource } from './measuring/session-source.js';
import { targetOf } from './measuring/target-definition.js';

const secretHeader = /^(?:(?:proxy-)?authorization|cookie|.*(?:key|token|secret|auth).*)$/i;

/**
 * Redacts what plateau's environment holds, the environments of the target and of its services, the addresses of its
 * upstreams, and what its requests are authorized by.
 * @throws {PlateauError} `PLATEAU_INVALID_SCENARIO`
 */
export function runRedactor(source: SessionSource): Redact {
  if (source.kind !== 'definition') return createRedactor(process.env);
  const { operations, http, services = {}, upstreams } = source.scenario;
  const started = [targetOf(source.scenario, []), ...Object.values(services)];
  const requests = Object.values(operations).flatMap(({ create, destroy }) => [create, destroy]);
  const secrets = [http, ...requests].flatMap((request) => (typeof request === 'object' ? secretsOf(request) : []));
  return createRedactor(Object.assign({}, process.env, upstreams, ...started.map(environmentOf)), secrets);
}

function environmentOf(definition: TargetDefinition): Readonly<Record<string, string>> | undefined {
  const server = 'redis' in definition ? definition.redis : 'postgres' in definition ? definition.postgres : definition;
  return typeof server === 'object' && 'env' in server ? server.env : undefined;
}

/** A cookie header holds several, each behind its name; an authorization names its scheme first. */
function secretsOf({ headers = {} }: Pick<RequestTemplate, 'headers'>): string[] {
  const values = Object.entries(headers).filter(([name]) => secretHeader.test(name));
  return values.flatMap(([name, value]) =>
    name.toLowerCase() === 'cookie'
      ? value.split(/;\s*/).map((cookie) => cookie.replace(/^[^=]*=/, ''))
      : [value.replace(/^(?:bearer|basic|digest|token)\s+/i, '')],
  );
}
