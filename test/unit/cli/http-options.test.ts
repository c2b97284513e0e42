import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRequests } from '../../../harness/cli/http/read-requests.js';
import { nameOfStarted, startedTarget } from '../../../harness/cli/http/start-option.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const none = { headers: {} };

test('a request is a URL or a path, with a method, a weight, and what undoes it', () => {
  expect(readRequests(['http://127.0.0.1:3000/search?q={input}#top'], none)).toEqual({
    origin: 'http://127.0.0.1:3000',
    operations: { 'GET /search': { create: { path: '/search?q={input}' } } },
  });
  expect(readRequests(['3*/a', 'put /b', 'POST /carts -> /carts/{json:id}'], none).operations).toEqual({
    'GET /a': { weight: 3, create: { path: '/a' } },
    'PUT /b': { create: { method: 'PUT', path: '/b' } },
    'POST /carts': {
      create: { method: 'POST', path: '/carts' },
      destroy: { method: 'DELETE', path: '/carts/{json:id}' },
    },
  });
  expect(Object.keys(readRequests(['/a?b=1', '/a?b=2', '/a?b=2'], none).operations)).toEqual([
    'GET /a',
    'GET /a?b=2',
    'GET /a?b=2 #2',
  ]);
});

test('a body goes where one is sent, and makes a request without a method a POST', () => {
  const { operations } = readRequests(['/a', 'GET /b', 'POST /c -> /c/{json:id}'], { headers: {}, body: 'x' });
  expect(operations).toEqual({
    'POST /a': { create: { method: 'POST', path: '/a', body: 'x' } },
    'GET /b': { create: { path: '/b' } },
    'POST /c': {
      create: { method: 'POST', path: '/c', body: 'x' },
      destroy: { method: 'DELETE', path: '/c/{json:id}' },
    },
  });
});

test.each([
  [['/a/{foo}'], 'Request "/a/{foo}": expected a value that plateau knows, got {foo}.'],
  [['http://a/x', 'http://b/x'], 'Requests: expected one origin, got http://a and http://b.'],
  [
    ['localhost:3000/a'],
    'Request: expected a URL with http or https, or a path with a leading /, got "localhost:3000/a".',
  ],
  [['0*/a'], 'Request: expected a weight above 0, got "0*/a".'],
  [['http://ann:secret@a/x'], 'which would stand in each record, got one of http://a with them.'],
  [['/a -> /b -> /c'], 'Request: expected at most one ->, got "/a -> /b -> /c".'],
])('what is no request is said so: %j', (given, message) => {
  expect(() => readRequests(given, none)).toThrow(message);
});

test('a Node script is started as one, whatever stands around it', () => {
  const directory = temporaryDirectory();
  const scripts = {
    start: 'NODE_ENV=production node --no-warnings ./src/main.js',
    built: 'tsc && node dist/main.js',
    again: 'npm run again',
    crossed: "cross-env A='b c' npx tsx src/a.ts '--x y'",
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ scripts }));
  const of = (line: string, origin?: string) => startedTarget(line, directory, origin);
  expect(of('node server.js --verbose')).toEqual({ script: 'server.js', arguments: ['--verbose'] });
  expect(of("MODE='a b' node -r ./x.js --expose-gc server.mjs")).toEqual({
    script: 'server.mjs',
    nodeArguments: ['-r', './x.js', '--expose-gc'],
    env: { MODE: 'a b' },
  });
  expect(of('tsx src/server.ts')).toEqual({ script: 'src/server.ts' });
  expect(of('npm start -- --fast')).toEqual({
    script: './src/main.js',
    arguments: ['--fast'],
    nodeArguments: ['--no-warnings'],
    env: { NODE_ENV: 'production' },
  });
  for (const line of ['npx tsx src/a.ts', 'npx -y tsx src/a.ts', 'npm exec -- tsx src/a.ts', 'pnpm exec tsx src/a.ts'])
    expect(of(line)).toEqual({ script: 'src/a.ts' });
  expect(of('yarn tsx src/a.ts')).toEqual({ script: 'src/a.ts' });
  expect(of('LOG=0 npm start')).toMatchObject({ script: './src/main.js', env: { LOG: '0', NODE_ENV: 'production' } });
  expect(of('npm run crossed')).toEqual({ script: 'src/a.ts', arguments: ['--x y'], env: { A: 'b c' } });
  expect(of('npm run built')).toMatchObject({ command: ['npm', 'run', 'built'] });
  expect(of('npm run again')).toMatchObject({ command: ['npm', 'run', 'again'] });
  expect(of('npx next start')).toMatchObject({ command: ['npx', 'next', 'start'] });
  expect(of('node server.js', 'http://127.0.0.1:3000')).toEqual({
    script: 'server.js',
    env: { PORT: '3000' },
    ready: { port: 3000 },
  });
});

test('what was started is called after its script, its package or its program, not after the data that it reads', () => {
  const of = (line: string) => nameOfStarted(startedTarget(line, '/', undefined));
  expect(of('node -r ./x.js src/server.mjs settings.json')).toBe('server.mjs');
  expect(of('npx --yes json-server db.json --port {port}')).toBe('json-server');
  expect(of('pnpm exec json-server db.json')).toBe('json-server');
  expect(of('npm run start')).toBe('start');
  expect(of('python3 -u app.py settings.yaml')).toBe('app.py');
  expect(of('java -jar app.jar')).toBe('app.jar');
  expect(of('./bin/server {port}')).toBe('server');
});

test('any other command is given a free port, unless one is known', () => {
  expect(startedTarget('python3 app.py', '/', undefined)).toEqual({
    command: ['python3', 'app.py'],
    env: { PORT: '{port}' },
  });
  expect(startedTarget('./app --port {port}', '/', undefined)).toEqual({ command: ['./app', '--port', '{port}'] });
  expect(startedTarget('./app', '/', 'http://localhost:8080')).toEqual({
    command: ['./app'],
    env: { PORT: '8080' },
    ready: { port: 8080 },
  });
  expect(() => startedTarget('  ', '/', undefined)).toThrow('--start: expected a command');
});
