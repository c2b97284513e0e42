import { describe, expect, it } from 'vitest';
import { redisAddress } from '../../../../harness/runtimes/redis/redis-address.js';
import { databasesOf, numberOf, parseInfo } from '../../../../harness/runtimes/redis/server-info.js';

describe('parseInfo', () => {
  const info = parseInfo(
    '# Memory\r\nused_memory:1006238\r\nused_memory_human:982.65K\r\n\r\n# Keyspace\r\ndb0:keys=12,expires=3,avg_ttl=0\r\ndb11:keys=1,expires=0,avg_ttl=0\r\n',
  );

  it('reads fields; what a version does not know is 0', () => {
    expect(numberOf(info, 'used_memory')).toBe(1_006_238);
    expect(numberOf(info, 'number_of_functions')).toBe(0);
  });

  it('knows the databases that hold keys', () => {
    expect(databasesOf(info)).toEqual([
      { index: 0, keys: 12, expiring: 3 },
      { index: 11, keys: 1, expiring: 0 },
    ]);
  });
});

describe('redisAddress', () => {
  const facts = (title: string) => ({ pid: 1, arguments: [title], mappedFiles: [] });

  it.each([
    ['redis-server *:6379', undefined, { host: '127.0.0.1', port: 6379, tls: false }],
    ['/usr/bin/valkey-server 127.0.0.1:7000 [cluster]', undefined, { host: '127.0.0.1', port: 7000, tls: false }],
    [
      'redis-server unixsocket:/run/redis.sock',
      undefined,
      { host: 'localhost', port: 0, path: '/run/redis.sock', tls: false },
    ],
    ['redis-server', 'http://127.0.0.1:7001', { host: '127.0.0.1', port: 7001, tls: false }],
    [
      'redis-server *:6379',
      'rediss://us%40er:pass@[::1]',
      { host: '::1', port: 6379, tls: true, username: 'us@er', password: 'pass' },
    ],
    ['redis-server', undefined, undefined],
  ])('of a process titled %j at %j', (title, url, address) => {
    expect(redisAddress(facts(title), url)).toEqual(address);
  });
});
