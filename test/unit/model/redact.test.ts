import { describe, expect, it } from 'vitest';
import { createRedactor, redacted } from '../../../harness/model/redact.js';

const redact = createRedactor({
  API_TOKEN: 's3cr3t/value+7',
  DATABASE_URL: 'postgres://app:pa55-w0rd!@db.internal/shop',
  SSH_AUTH_SOCK: '/tmp/ssh-agent.7',
  SHORT_TOKEN: 'abc',
  PATH: '/usr/local/bin:/usr/bin',
});

describe('secrets by their form', () => {
  it.each([
    ['postgres://app:hunter2@127.0.0.1:5432/shop', 'postgres://app:[redacted]@127.0.0.1:5432/shop'],
    ['redis://:hunter2@127.0.0.1', 'redis://:[redacted]@127.0.0.1'],
    ['clone https://0123456789abcdef0123@git.example/x', 'clone https://[redacted]@git.example/x'],
    ['Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic [redacted]'],
    ['sent authorization=Bearer abc.def, and', 'sent authorization=Bearer [redacted]'],
    ['Bearer 0123abcd4567', 'Bearer [redacted]'],
    ['set-cookie: sid=12ab34; Path=/', 'set-cookie: sid=[redacted]'],
    ['GET /x?token=abcd&page=2', 'GET /x?token=[redacted]&page=2'],
    ['{"password":"correct horse","user":"ann"}', '{"password":"[redacted]","user":"ann"}'],
    ["const apiKey = 'abcdef'", "const apiKey = '[redacted]'"],
    ['API_SECRET=abcdef node server.js', 'API_SECRET=[redacted] node server.js'],
    ['x-api-key: abcdef', 'x-api-key: [redacted]'],
    ['psql --password hunter2 -h db', 'psql --password [redacted] -h db'],
    ['key AKIAIOSFODNN7EXAMPLE in', 'key [redacted] in'],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'got [redacted]'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', '[redacted]'],
  ])('%s', (given, expected) => {
    expect(redact(given)).toBe(expected);
  });

  it.each([
    'plateau run sessions --budget gauge.tokens=5 --budget gauge.sessionTokens=0.01 --seed 41',
    'plateau http http://127.0.0.1:3000/tokens --header "accept: text/html"',
    '--cookie: expected <name>=<value>, got "x".',
    'token: expected a text of at least one character',
    'this.tokens.set(token, new Token(id)); // basic authentication',
    'gauge.tokens gains 1 entry with each cycle of session',
    'postgres://postgres@127.0.0.1/shop, see https://user@host',
    '/srv/app/src/auth/password-reset.ts:41:17',
    'authorization: {env:API_TOKEN}',
  ])('none in %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('secrets of the environment', () => {
  it('become the name of their variable wherever they occur', () => {
    expect(redact('got s3cr3t/value+7 and s3cr3t%2Fvalue%2B7')).toBe('got {env:API_TOKEN} and {env:API_TOKEN}');
    expect(redact('authorization: Bearer s3cr3t/value+7')).toBe('authorization: Bearer {env:API_TOKEN}');
  });

  it('are the passwords of addresses too, and neither paths nor what is short', () => {
    expect(redact('login with pa55-w0rd! failed')).toBe('login with [redacted] failed');
    expect(redact('abc /tmp/ssh-agent.7')).toBe('abc /tmp/ssh-agent.7');
  });
});

// A form that backtracks would take minutes, and the limit of a test is half a one.
it.each(['a.', 'password', '://a:', 'bearer ', 'token=', '-----BEGIN PRIVATE KEY-----'])(
  'takes linear time for a long text of %s',
  (part) => {
    expect(redact(part.repeat(50_000))).not.toBe('');
  },
);

it('redacts all texts of a value and keeps its shape', () => {
  expect(redacted({ list: ['token=abcd', 1, null], password: { at: 'Bearer 0123abcd4567' } }, redact)).toEqual({
    list: ['token=[redacted]', 1, null],
    password: { at: 'Bearer [redacted]' },
  });
});
