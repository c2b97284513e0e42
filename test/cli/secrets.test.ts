import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const secrets = {
  password: 'hunter2-of-the-shop',
  token: 'tok-4711-of-the-environment',
  own: 'key-0815-of-the-target',
  cookie: 'c00kie-of-a-session',
};

/** Prints what it was given, and repeats it in the answers that fail. */
const server = `
import { createServer } from 'node:http';
console.log('database', process.env.SHOP_DATABASE, 'token', process.env.SHOP_TOKEN, 'own', process.env.OWN_API_KEY);
createServer((request, response) => {
  console.error('asked with', request.headers.authorization, request.headers.cookie);
  response.statusCode = 500;
  response.end('no ' + request.headers.authorization);
}).listen(Number(process.env.PORT), '127.0.0.1');
process.stdout.write('and without an end ' + process.env.SHOP_TOKEN);
`;

it('secrets reach the target, and neither logs nor records, reports and what is shown', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'server.mjs'), server);
  const given = [
    ...['http', '/orders', '--start', `OWN_API_KEY=${secrets.own} node server.mjs`, '--rounds', '3', '--out', 'out'],
    ...['--header', `authorization: Bearer ${secrets.token}`, '--cookie', `sid=${secrets.cookie}`],
    ...['--reporter', 'json=run.json', '--reporter', 'junit=run.xml', '--reporter', 'html=run.html'],
  ];
  const environment = {
    SHOP_DATABASE: `postgres://app:${secrets.password}@127.0.0.1/shop`,
    SHOP_TOKEN: secrets.token,
  };
  const { stdout, stderr } = await plateau(given, { directory, environment });
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const written = files
    .filter(({ name }) => name !== 'server.mjs')
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')] as const);
  const log = written.find(([name]) => name === 'target.log')?.[1];
  expect(log).toContain(
    'database postgres://app:[redacted]@127.0.0.1/shop token {env:SHOP_TOKEN} own {env:OWN_API_KEY}',
  );
  expect(log).toContain('asked with Bearer {env:SHOP_TOKEN} sid=[redacted]');
  expect(log).toContain('and without an end {env:SHOP_TOKEN}');
  expect(written.find(([name]) => name === 'run.json')?.[1]).toContain('authorization: Bearer {env:SHOP_TOKEN}');
  const shown = [...written, ['stdout', stdout] as const, ['stderr', stderr] as const];
  const leaks = shown.flatMap(([name, text]) =>
    Object.entries(secrets).flatMap(([secret, value]) => (text.includes(value) ? [`${secret} in ${name}`] : [])),
  );
  expect(leaks).toEqual([]);
});
