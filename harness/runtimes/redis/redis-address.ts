import { hostOf, portOf } from '../../model/address.js';
import type { ProcessFacts } from '../../model/runtime.js';
import type { RedisAddress } from './resp-client.js';

/** How Redis and Valkey write their title: `redis-server 127.0.0.1:6379`, `*:6379 [cluster]`, `unixsocket:/run/redis.sock`. */
const title = /^(?:\S*\/)?(?:redis|valkey)-server\s+(?:unixsocket:(?<path>\S+)|(?<host>\S*):(?<port>\d+))/;

/**
 * Where a server answers: at the address of the target where that is Redis's own, since it may carry a password, else as
 * the process writes in its title.
 */
export function redisAddress({ arguments: words }: ProcessFacts, url: string | undefined): RedisAddress | undefined {
  if (url !== undefined && /^rediss?:/.test(url)) return parseRedisUrl(url);
  const { path, host, port } = title.exec(words[0] ?? '')?.groups ?? {};
  if (path !== undefined) return { host: 'localhost', port: 0, path, tls: false };
  if (port !== undefined)
    return { host: host === '*' || host === '' ? '127.0.0.1' : host!, port: Number(port), tls: false };
  if (url === undefined) return undefined;
  const { port: urlPort } = new URL(url);
  return urlPort === '' ? undefined : { host: hostOf(url), port: Number(urlPort), tls: false };
}

/** `redis://user:password@host:port`; the number of a database behind it does not matter, since all are read. */
export function parseRedisUrl(url: string): RedisAddress {
  const { protocol, username, password } = new URL(url);
  return {
    host: hostOf(url) || '127.0.0.1',
    port: portOf(url),
    tls: protocol === 'rediss:',
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
}
