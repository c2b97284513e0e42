import { expect, it } from 'vitest';
import { redactWords } from '../../../../harness/cli/options/redact-words.js';
import { createRedactor } from '../../../../harness/model/redact.js';

const redact = createRedactor({ SHOP_TOKEN: '0123456789' });

it('a command line keeps its words and loses its secrets', () => {
  const words = [
    ...['plateau', 'http', 'http://ann:hunter2@127.0.0.1/orders?page=2'],
    ...['--header', 'authorization: Bearer 0123456789', '--header', 'x-tenant: 7'],
    ...['--cookie', 'id=77; theme=dark', '--cookie=id={env:ID}', '--start', 'DB_PASSWORD=hunter2 node server.js'],
  ];
  expect(redactWords(words, redact)).toEqual([
    ...['plateau', 'http', 'http://ann:[redacted]@127.0.0.1/orders?page=2'],
    ...['--header', 'authorization: Bearer {env:SHOP_TOKEN}', '--header', 'x-tenant: 7'],
    ...['--cookie', 'id=[redacted]; theme=[redacted]', '--cookie=id={env:ID}'],
    ...['--start', 'DB_PASSWORD=[redacted] node server.js'],
  ]);
});
