import { createRedactor, type Redact } from '../model/redact.js';
import type { RequestTemplate } from '../model/request.js';
import type { SessionSource } from './measuring/session-source.js';

const secretHeader = /^(?:(?:proxy-)?authorization|cookie|.*(?:key|token|secret|auth).*)$/i;

/** Redacts what plateau's environment holds, the environment of the target, and what its requests are authorized by. */
export function runRedactor(source: SessionSource): Redact {
  if (source.kind !== 'definition') return createRedactor(process.env);
  const { target, operations } = source.scenario;
  const variables = typeof target === 'object' && 'env' in target ? target.env : undefined;
  const secrets = Object.values(operations).flatMap(({ create, destroy }) =>
    [create, destroy].flatMap((request) => (typeof request === 'object' ? secretsOf(request) : [])),
  );
  return createRedactor({ ...process.env, ...variables }, secrets);
}

/** A cookie header holds several, each behind its name; an authorization names its scheme first. */
function secretsOf({ headers = {} }: RequestTemplate): string[] {
  const values = Object.entries(headers).filter(([name]) => secretHeader.test(name));
  return values.flatMap(([name, value]) =>
    name.toLowerCase() === 'cookie'
      ? value.split(/;\s*/).map((cookie) => cookie.replace(/^[^=]*=/, ''))
      : [value.replace(/^(?:bearer|basic|digest|token)\s+/i, '')],
  );
}
