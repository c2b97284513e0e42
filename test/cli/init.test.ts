import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { plateau } from '../support/cli.js';
import { nightRecordOf } from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

function project(files: Readonly<Record<string, string>>): string {
  const directory = temporaryDirectory();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

const server = `import { createServer } from 'node:http';
createServer((request, response) => response.end('ok')).listen(process.env.PORT);
`;

test('in an empty directory: a sound sample, and a night that runs at once', async () => {
  const directory = temporaryDirectory();
  const { exitCode, stdout, stderr } = await plateau(['init'], { directory });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(
    /^✓ sessions\.soak\.mjs .*\n✓ plateau\.config\.ts .*\nNext: plateau run \.\/sessions\.soak\.mjs, then plateau nightly\n$/,
  );
  expect(readdirSync(directory).sort()).toEqual(['plateau.config.ts', 'sessions.soak.mjs']);
  const night = await plateau(['nightly', '--quiet'], { directory });
  expect(night.stderr).toBe('');
  expect(night.stdout).toMatch(/^✓ night {2}PLATEAU[\s\S]*Nothing new\.[\s\S]*✓ sessions\.soak {2}plateau/);
  expect(night.exitCode).toBe(0);
  expect(nightRecordOf(directory)).toMatchObject({ canaries: [{ ok: true }, { ok: true }], news: [] });
});

test('what is there is left alone, and said to be', async () => {
  const directory = project({ 'sessions.soak.mjs': '// mine\n' });
  expect((await plateau(['init'], { directory })).stdout).toMatch(
    /· sessions\.soak\.mjs {2}is there already and was left alone\n✓ plateau\.config\.ts/,
  );
  expect(readFileSync(join(directory, 'sessions.soak.mjs'), 'utf8')).toBe('// mine\n');
  const again = await plateau(['init'], { directory });
  expect(again).toMatchObject({
    exitCode: 0,
    stdout: 'plateau.config.ts is there already; nothing was written.\nNext: plateau nightly --dry-run\n',
  });
});

test('scenarios that are there are the suite, and no other one is guessed beside them', async () => {
  const scenario = `import { defineScenario } from 'plateau';
export default defineScenario({ name: 'NAME', target: { script: './server.mjs' }, operations: { a: { create: { path: '/' } } } });
`;
  const directory = project({
    'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node server.mjs' } }),
    'server.mjs': server,
    'orders.scenario.ts': scenario.replace('NAME', 'orders'),
    'chat.scenario.mjs': scenario.replace('NAME', 'chat'),
  });
  expect((await plateau(['init'], { directory })).stdout).toBe(
    '✓ plateau.config.ts  a suite of chat.scenario.mjs, orders.scenario.ts\nNext: plateau run ./chat.scenario.mjs, then plateau nightly\n',
  );
  expect(readdirSync(directory).filter((name) => name.includes('.scenario.'))).toHaveLength(2);
  const plan = await plateau(['nightly', '--dry-run'], { directory });
  expect(plan.exitCode).toBe(0);
  expect(plan.stdout).toMatch(/chat +at least .*\n +orders +at least/);
});

test('a server that npm starts is soaked by a route that it has', async () => {
  const routes = `import { createServer } from 'node:http';
const routes = new Map();
const app = { get: (path, answer) => routes.set(path, answer) };
app.get('/orders', () => 'orders');
app.get('/healthz', () => 'fine');
export const start = () =>
  createServer((request, response) => {
    const answer = routes.get(request.url);
    if (answer === undefined) response.writeHead(404);
    response.end(answer?.());
  }).listen(process.env.PORT);
`;
  const directory = project({
    'package.json': JSON.stringify({
      name: '@acme/shop',
      type: 'module',
      scripts: { start: 'NODE_ENV=production node src/main.js' },
    }),
    'src/main.js': `import { start } from './routes.js';\nstart();\n`,
    'src/routes.js': routes,
  });
  const { stdout } = await plateau(['init'], { directory });
  expect(stdout).toMatch(
    /^✓ shop\.scenario\.ts {2}soaks \.\/src\/main\.js \(npm script "start" starts it\) by GET \/healthz$/m,
  );
  const run = await plateau(
    ['run', 'shop', '--rounds', '3', '--cycles', '20', '--attribution', 'off', '--json', '--quiet'],
    { directory },
  );
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toMatchObject({ scenario: 'shop', counts: { failed: 0 }, verdict: 'inconclusive' });
});

test.each<[string, Record<string, string>, string, RegExp]>([
  [
    'one that is built first brings its build along',
    {
      'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node dist/server.js', build: 'tsc' } }),
      'src/server.ts': server,
    },
    './dist/server.js',
    /build: 'npm run build',/,
  ],
  [
    'main of the package',
    { 'package.json': JSON.stringify({ main: 'api.js' }), 'api.js': server },
    './api.js',
    /scenarios: \['\.\//,
  ],
  ['a usual name', { 'src/index.ts': server }, './src/index.ts', /scenarios: \['\.\//],
])('%s', async (_, files, script, configuration) => {
  const directory = project(files);
  const { exitCode } = await plateau(['init'], { directory });
  expect(exitCode).toBe(0);
  const scenario = readdirSync(directory).find((name) => name.endsWith('.scenario.ts'))!;
  expect(readFileSync(join(directory, scenario), 'utf8')).toContain(`target: { script: '${script}'`);
  expect(readFileSync(join(directory, 'plateau.config.ts'), 'utf8')).toMatch(configuration);
  expect((await plateau(['nightly', '--dry-run'], { directory })).exitCode).toBe(0);
});

test('a script that does not listen is no server', async () => {
  const directory = project({
    'package.json': JSON.stringify({ scripts: { start: 'node print.js' } }),
    'print.js': 'console.log(1)',
  });
  expect((await plateau(['init'], { directory })).stdout).toContain('no script that listens was found');
});
