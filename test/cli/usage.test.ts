import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DoctorReport } from '../../harness/model/doctor-report.js';
import { execute, fixture, mainFile, plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const leak = fixture('leak.mjs');

/** Command line, what it must say, what it must propose. */
const wrong: readonly (readonly [string[], RegExp, RegExp])[] = [
  [['rnu', leak], /^Unknown command 'rnu'\.$/m, /^Try: plateau run$/m],
  [
    ['http', '--write-scenario', './none/x.ts', 'http://127.0.0.1:9/'],
    /--write-scenario: expected a file in a directory that exists, got none at .*none\./,
    /make the directory/,
  ],
  [['help', 'nosuch'], /^plateau help: expected a command, got "nosuch"\.$/m, /^Try: plateau help$/m],
  [
    ['help', 'baseline', 'updat'],
    /^plateau help baseline: expected a command/m,
    /^Try: plateau help baseline update$/m,
  ],
  [['help', 'run', 'more'], /^plateau help run: expected nothing more, got "more"\.$/m, /^Try: plateau help run$/m],
  [['fleet'], /^Usage: plateau fleet[\s\S]*^plateau fleet: expected one of its commands, got none\.$/m, /help fleet$/m],
  [['fleet', 'manifest', '--image', ''], /^--image: expected the name of an image, got ""\.$/m, /--image registry/],
  [['baseline', 'nosuch'], /^Unknown command 'nosuch'\.$/m, /^Try: plateau help baseline$/m],
  [['run'], /^Missing required argument 'scenario'\.$/m, /^Try: plateau help run$/m],
  [['run', fixture('../junit.xsd')], /junit\.xsd: expected a \.ts, \.mts, \.js or \.mjs module/, /`plateau analyse`/],
  [['init', '--openapi', 'none.yaml'], /none\.yaml: expected an OpenAPI document, got none\./, /an OpenAPI 2 or 3/],
  [['run', leak, '--bogus'], /^Unknown option '--bogus'\.$/m, /^Try: plateau help run$/m],
  [['run', leak, '--cycle', '3'], /^Unknown option '--cycle'\.$/m, /^Try: --cycles$/m],
  [['run', leak, '--cycles'], /^Option '--cycles <n>' argument missing\.$/m, /^Try: plateau help run$/m],
  [['nightly', '--budget', '1h'], /^Unknown option '--budget'\.$/m, /^Try: plateau help nightly$/m],
  [['run', leak, '--concurrency', '1000000000'], /a whole number from 1 to 65535, got "1000000000"/, /--concurrency 4/],
  [['run', leak, '--out', ''], /--out: expected a directory, got ""/, /--out \.plateau/],
  [['run', './'], /scenario \.\/: expected a module, got a directory at \//, /plateau list/],
  [['nightly', '--config', '.'], /\.: expected a module, got a directory/, /plateau init/],
  [['run', leak, '--cycles', '-5'], /--cycles: expected a whole number of at least 1, got "-5"\./, /--cycles 220/],
  [['run', leak, '--duration', '90'], /--duration: expected a time .*, got "90"\./, /--duration 90s/],
  [['run', leak, '--budget', 'heapUsd=64B'], /expected a metric that plateau knows, got "heapUsd"/, /^Try: heapUsed$/m],
  [
    ['run', leak, '--reporter', 'pdf'],
    /expected one of terminal, json, summary, html, junit, markdown, csv, sarif, codequality/,
    /markdown=report\.md/,
  ],
  [
    ['ab', leak, '--before', 'sound', '--after', 'sound', '--reporter', 'html=.'],
    /--reporter html=: expected a file to write, got the directory /,
    /--reporter html=report\.html/,
  ],
  [['run', leak, '--json', '--reporter', 'html'], /--json: expected to be alone on stdout/, /--reporter html=<file>/],
  [['run', leak, leak, '--reporter', 'csv'], /expected one scenario on stdout as csv, got 2/, /--reporter csv=<file>/],
  [['run', leak, '--defect', 'nope'], /no defect nope/, /plateau list/],
  [['run', 'branch-store/branches', '--defect', 'nope'], /expected one of .*commit-locks/, /plateau list/],
  [
    ['run', 'branch-store/brunches'],
    /Scenario "branch-store\/brunches": expected a name/,
    /^Try: branch-store\/branches$/m,
  ],
  [['run', 'branch-store'], /got a system of \d+ scenarios/, /branch-store\/branches, /],
  [['run', './nowhere.mjs'], /\.\/nowhere\.mjs: expected a module, got no file/, /plateau list/],
  [['run', fixture('no-functions.mjs')], /no-functions\.mjs/, /^Try: /m],
  [
    ['run', '/dev/null'],
    /\/dev\/null: expected a module, got a device, a pipe or a socket at \/dev\/null/,
    /plateau list/,
  ],
  [
    ['run', leak, '--node-option', ''],
    /--node-option: expected a flag that begins with -, got ""/,
    /--node-option=--max/,
  ],
  [
    ['run', leak, '--duration', '9s', '--drive', '10s'],
    /--drive: expected less than --duration, .* 10s of 9s/,
    /leave one/,
  ],
  [
    ['run', leak, '--reporter', 'json=.'],
    /--reporter json=: expected a file to write, got the directory \//,
    /json=report\.json/,
  ],
  [
    ['run', leak, '--reporter', 'csv=soak.csv/a/b'],
    /expected a file to write, got a path below the file .*soak\.csv/,
    /csv=/,
  ],
  [
    ['run', leak, '--reporter', 'json=out', '--reporter', 'junit=./out'],
    /--reporter: expected a file of its own for each, got \.\/out twice/,
    /junit=<another file>/,
  ],
  [['baseline', 'show', '.'], /: expected a file, got a directory\./, /plateau baseline update/],
  [['grafana', '--output', ''], /--output: expected a file to write, got ""/, /--output dashboard\.json/],
  [['history', '--html', '.'], /--html: expected a file to write, got the directory/, /--html history\.html/],
  [
    ['baseline', 'update', 'latest', '--output', '/'],
    /--output: expected a file to write, got the directory \//,
    /baseline\.json/,
  ],
  [['analyse', 'nothing'], /Run "nothing": .*got none of 0 in/, /plateau run/],
  [['analyse', 'nothing.csv'], /nothing\.csv: expected a file, got none/, /check the path/],
  [['analyse', 'binary.csv'], /binary\.csv:1: expected text, got a NUL byte/, /CSV/],
  [
    ['analyse', 'cut.json'],
    /cut\.json: expected what something else recorded, got a record of plateau/,
    /run directory/,
  ],
  [['analyse', 'soak.csv'], /expected a column "cycles" that counts cycles, got "ops", "fds"/, /--x <column>/],
  [['analyse', 'soak.csv', '--x', 'ops', '--metric', 'heap'], /expected a column "heap"/, /--metric/],
  [['analyse', 'soak.csv', '--x', 'ops'], /soak\.csv:3: expected a number in column "fds", got "many"/, /empty/],
  [['analyse', 'latest', '--x', 'ops'], /--x: expected a file, got the run "latest"/, /by the cycles/],
  [['report', 'latest'], /Required option '--format <name>' not specified/, /plateau help report/],
  [
    ['report', 'latest', '--format', 'pdf'],
    /--format: expected one of json, summary, html, .*, got "pdf"/,
    /--format json/,
  ],
];

test.concurrent.for(wrong)(
  '%j is a usage error: exit 3, nothing on stdout',
  async ([given, problem, proposal], { onTestFinished }) => {
    const directory = temporaryDirectory(onTestFinished);
    writeFileSync(
      join(directory, 'cut.json'),
      '{\n  "schemaVersion": 1,\n  "counts": { "cycles": 1, "created": 2 },\n  "fin',
    );
    writeFileSync(join(directory, 'soak.csv'), 'ops,fds\n1,2\n2,many\n');
    writeFileSync(join(directory, 'binary.csv'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]));
    const { exitCode, stdout, stderr } = await plateau(given, { directory });
    expect(stderr).toMatch(problem);
    expect(stderr).toMatch(proposal);
    expect(stderr).toMatch(/^PLATEAU_[A-Z_]+$/m);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stdout).toBe('');
    expect(exitCode).toBe(3);
  },
);

test.runIf(process.platform === 'linux')(
  'a disk that is full below stdout is a fault; below stderr, the exit code still counts',
  async () => {
    const shell = (command: string) => execute('bash', ['-c', command, process.execPath, mainFile], {});
    const full = await shell('"$0" "$1" completion bash > /dev/full');
    expect(full.stderr).toMatch(/^Cannot write stdout: ENOSPC\.\nTry: .*\nPLATEAU_STORE\n$/);
    expect(full.exitCode).toBe(4);
    expect((await shell('"$0" "$1" rnu 2> /dev/full')).exitCode).toBe(3);
  },
);

test('without a command, help goes to stderr and nothing has passed', async () => {
  const { exitCode, stdout, stderr } = await plateau([]);
  expect(stderr).toMatch(/^Usage: plateau/);
  expect(stdout).toBe('');
  expect(exitCode).toBe(3);
});

test('help and version go to stdout and succeed', async () => {
  const version = await plateau(['--version']);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const help = await plateau(['help', 'run']);
  expect(help.stdout).toMatch(/Examples:\n {2}\$ plateau run branch-store\/branches/);
  const program = await plateau(['--help']);
  expect(program.stdout).toMatch(/Exit codes:\n {2}0 {2}plateau/);
  for (const { exitCode, stderr } of [version, help, program]) {
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
  }
});

test('--verbose shows the stack of a usage error', async () => {
  const { stderr } = await plateau(['analyse', 'nothing', '--verbose'], { directory: temporaryDirectory() });
  expect(stderr).toMatch(/^ {4}at /m);
});

test('the catalogue is JSON for scripts, and fits the terminal for people', async () => {
  const json = await plateau(['list', '--json']);
  const scenarios = JSON.parse(json.stdout) as { name: string; system: string; defects: { name: string }[] }[];
  expect(scenarios.find(({ name }) => name === 'branch-store/branches')).toMatchObject({
    system: 'branch-store',
    operations: ['branch'],
    defects: expect.arrayContaining([
      expect.objectContaining({ name: 'commit-locks', audit: ['000-12'], expect: expect.any(Object) }),
    ]),
    sound: expect.any(Array),
    static: expect.any(Array),
  });
  const { stdout } = await plateau(['list'], { environment: { COLUMNS: '60' } });
  expect(stdout).toContain('branch-store/branches');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
});

test('doctor shows what this machine shows, for people and for scripts', async () => {
  const { exitCode, stdout, stderr } = await plateau(['doctor', '--json']);
  const report = JSON.parse(stdout) as DoctorReport;
  expect(report.checks.map(({ group }) => group)).toEqual(expect.arrayContaining(['processes', 'node', 'machine']));
  expect(exitCode).toBe(report.complete ? 0 : 2);
  expect(stderr).toBe('');
  const text = await plateau(['doctor'], { environment: { COLUMNS: '60' } });
  for (const { capability } of report.checks) expect(text.stdout).toContain(capability.split(' ')[0]);
  expect(Math.max(...text.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
});
