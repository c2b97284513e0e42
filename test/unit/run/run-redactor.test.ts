import { expect, it } from 'vitest';
import type { Scenario } from '../../../harness/model/scenario.js';
import { runRedactor } from '../../../harness/run/run-redactor.js';

const scenario: Scenario = {
  name: 'shop',
  target: () => ({ command: ['./shop'], env: { SHOP_API_KEY: 'key-of-the-target' } }),
  http: { headers: { authorization: 'Bearer token-of-all-requests' } },
  upstreams: { LEDGER: 'http://app:password-of-an-upstream@127.0.0.1:1' },
  services: {
    QUEUE: { command: ['./queue'], env: { QUEUE_SECRET: 'secret-of-a-service' } },
    STORE: { redis: { env: { STORE_TOKEN: 'token-of-a-store' } } },
  },
  operations: { 'GET /': { create: { path: '/', headers: { cookie: 'sid=cookie-of-a-request; theme=dark' } } } },
};

it.each([
  ['the environment of a target that depends on defects', 'key-of-the-target', '{env:SHOP_API_KEY}'],
  ['the environment of a service', 'secret-of-a-service', '{env:QUEUE_SECRET}'],
  ['the environment of a store', 'token-of-a-store', '{env:STORE_TOKEN}'],
  ['the address of an upstream', 'password-of-an-upstream', '[redacted]'],
  ['headers of all requests', 'token-of-all-requests', '[redacted]'],
  ['headers of one request', 'cookie-of-a-request', '[redacted]'],
])('takes out secrets of %s', (_, secret, shown) => {
  const redact = runRedactor({ kind: 'definition', name: 'shop', reference: 'shop', directory: '/', scenario });
  expect(redact(`asked with ${secret}, and failed`)).toBe(`asked with ${shown}, and failed`);
});
