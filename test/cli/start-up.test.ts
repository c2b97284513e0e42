import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mainFile, plateau } from '../support/cli.js';

const directory = mkdtempSync(join(tmpdir(), 'plateau-start-up-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** User and system time of one process, in ms. The least of some: other work on the machine only adds to it. */
function cpuMsMin(given: readonly string[]): number {
  const readings = Array.from({ length: 4 }, () => {
    const timed = spawnSync(
      'bash',
      ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>/dev/null', 'time', process.execPath, ...given],
      {
        cwd: directory,
        encoding: 'utf8',
      },
    );
    const [user, system] = timed.stderr.trim().split('\n').at(-1)!.split(' ').map(Number);
    return (user! + system!) * 1_000;
  });
  return Math.min(...readings);
}

describe('start-up', () => {
  const bareMs = cpuMsMin(['-e', '0']);

  // Measured on two quiet cores: 50 ms for Node alone, 100 ms for the version, 120 ms for a file that is missing.
  it('shows the version at little more than the price of Node', () => {
    expect(cpuMsMin([mainFile, '--version'])).toBeLessThan(Math.max(150, 3 * bareMs));
  });

  it('reports a missing file before what soaks is loaded', () => {
    expect(cpuMsMin([mainFile, 'run', './missing.mjs'])).toBeLessThan(Math.max(400, 4 * bareMs));
  });

  it('loads nothing that drives requests for a module of functions', () => {
    const hooks = `export async function resolve(name, context, next) {
      if (/^(autocannon|undici)$/.test(name)) throw new Error(name + ' was loaded');
      return next(name, context);
    }`;
    const refusing = join(directory, 'refusing.mjs');
    const url = `data:text/javascript,${encodeURIComponent(hooks)}`;
    writeFileSync(refusing, `import { register } from 'node:module';\nregister(${JSON.stringify(url)});\n`);
    writeFileSync(join(directory, 'one.mjs'), 'export function iterate() {}\n');
    const given = ['run', './one.mjs', '--rounds', '2', '--json'];
    const { stderr, stdout } = spawnSync(process.execPath, ['--import', refusing, mainFile, ...given], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(stderr).not.toContain('was loaded');
    expect(JSON.parse(stdout)).toMatchObject({ counts: { failed: 0 } });
  });

  it('still knows every command in its help', async () => {
    const { stdout, exitCode } = await plateau(['--help'], { directory });
    expect(exitCode).toBe(0);
    for (const command of ['run', 'ab', 'bisect', 'analyse', 'nightly', 'doctor'])
      expect(stdout).toMatch(new RegExp(`^  ${command}[ |]`, 'm'));
  });

  it('runs a command by its other name', async () => {
    const { stderr, exitCode } = await plateau(['analyze', 'nothing'], { directory });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('PLATEAU_UNKNOWN_RUN');
  });

  it('says which Node it needs before anything fails in an older one', () => {
    const older = join(directory, 'older.cjs');
    writeFileSync(older, "Object.defineProperty(process.versions, 'node', { value: '18.20.8' });\n");
    const { status, stderr } = spawnSync(process.execPath, ['--require', older, mainFile, 'list'], {
      encoding: 'utf8',
    });
    expect(status).toBe(3);
    expect(stderr).toContain('plateau needs Node 20.19 or newer, got Node 18.20.8.');
  });
});

describe('a module that does not load', () => {
  const broken = (name: string, text: string) => {
    mkdirSync(join(directory, 'modules'), { recursive: true });
    writeFileSync(join(directory, 'modules', 'package.json'), '{ "type": "module" }');
    writeFileSync(join(directory, name), text);
    return plateau(['run', `./${name}`, '--quiet'], { directory });
  };

  it.each([
    [
      'broken.scenario.ts',
      "import { defineScenario } from 'plateau';\nexport default defineScenario({\n  name: 'x'\n  target: 1 });\n",
      'broken.scenario.ts:4:',
    ],
    [
      'broken.scenario.mjs',
      "import { defineScenario } from 'plateau';\nexport default defineScenario({\n  name: 'x'\n  target: 1 });\n",
      'broken.scenario.mjs:4',
    ],
    [
      // In a package of modules the compiler of TypeScript is another one.
      'modules/broken.scenario.ts',
      "import { defineScenario } from 'plateau';\nexport default defineScenario({\n  name: 'x'\n  target: 1 });\n",
      'broken.scenario.ts:4:',
    ],
    ['broken.mjs', 'const a = 1;\nexport function iterate( { let }\n', 'broken.mjs:2'],
  ])('shows the place of a syntax error in %s, and no stack of a compiler', async (name, text, place) => {
    const { exitCode, stderr } = await broken(name, text);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(place);
    expect(stderr).toMatch(/syntax ?error/i);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('shows the frame of the module that threw', async () => {
    const { exitCode, stderr } = await broken(
      'throws.mjs',
      "throw new Error('no database');\nexport function iterate() {}\n",
    );
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Error: no database\n    at file://');
    expect(stderr).not.toContain('node:internal');
  });
});
