import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isLeakingGrowth } from '../../harness/model/finding.js';
import { type RunRecord, runRecordSchema } from '../../harness/model/run-record.js';
import { type CliSettings, execute, fixture, mainFile, plateau } from '../support/cli.js';
import { runDirectory } from '../support/run-directory.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const leak = fixture('leak.mjs');
/** Enough to have floors, too little to decide. */
const short = ['--rounds', '3', '--cycles', '50', '--attribution', 'off'];
const escapeSequence = '\u001b[';

test('a leak: exit 1, the record alone on stdout, the same on disk and when judged again', async () => {
  const directory = temporaryDirectory();
  const given = ['run', leak, '--attribution', 'off', '--json', '--quiet', '--seed', '41'];
  const { exitCode, stdout, stderr } = await plateau(given, { directory });
  expect(stderr).toBe('');
  expect(stdout.split('\n')).toHaveLength(2);
  const record: RunRecord = runRecordSchema.parse(JSON.parse(stdout));
  expect(exitCode).toBe(1);
  expect(record).toMatchObject({ verdict: 'leak', exitCode: 1, scenario: 'leak', seed: 41 });
  expect(record.command).toBe(`plateau ${given.join(' ')}`);
  expect(record.findings.find(({ metric }) => metric === 'gauge.kept')?.slope.estimate).toBeCloseTo(1, 1);
  const stored = runDirectory(directory);
  for (const { path } of record.artifacts) expect(readdirSync(stored)).toContain(path.split('/')[0]);
  expect(readFileSync(join(stored, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  expect(JSON.parse(readFileSync(join(stored, 'run.json'), 'utf8'))).toEqual(record);

  const again = await plateau(['analyse', 'latest', '--json'], { directory });
  expect(again).toEqual({ exitCode: 1, signal: null, stdout, stderr: '' });
});

test('a stored run in every form, and what the CSV holds is judged as the run was', async () => {
  const directory = temporaryDirectory();
  await plateau(['run', leak, ...short], { directory });
  const forms = {
    html: /^<!doctype html>/i,
    json: /^\{"schemaVersion":1/,
    junit: /^<\?xml/,
    markdown: /leak/i,
    csv: /^kind,phase/,
  };
  for (const [format, content] of Object.entries(forms)) {
    const { stdout, ...rest } = await plateau(['report', 'latest', '--format', format], { directory });
    expect(rest, format).toEqual({ exitCode: 0, signal: null, stderr: '' });
    expect(stdout).toMatch(content);
  }
  const toFile = await plateau(['report', 'latest', '--format', 'csv', '--output', 'made/soak.csv'], { directory });
  expect(toFile).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' });
  const csv = await plateau(['analyse', 'made/soak.csv', '--json'], { directory });
  const ofCsv = runRecordSchema.parse(JSON.parse(csv.stdout));
  const ofRun = runRecordSchema.parse(
    JSON.parse((await plateau(['analyse', 'latest', '--json'], { directory })).stdout),
  );
  const slopeIn = ({ findings }: RunRecord) => findings.find(({ metric }) => metric === 'gauge.kept')?.slope;
  expect(slopeIn(ofCsv)).toEqual(slopeIn(ofRun));
});

test('several scenarios run one after another: the gravest exit code, files of all of them', async () => {
  const directory = temporaryDirectory();
  const files = [
    '--reporter',
    'junit=out/soak.xml',
    '--reporter',
    'html=out/soak.html',
    '--reporter',
    'json=out/soak.ndjson',
  ];
  const { exitCode, stdout } = await plateau(['run', leak, fixture('crashes.mjs'), ...short, ...files], { directory });
  expect(exitCode).toBe(4);
  expect(stdout).toMatch(/leak {2}INCONCLUSIVE[\s\S]*crashes {2}CRASHED[\s\S]*out of luck[\s\S]*Scenarios/);
  const out = join(directory, 'out');
  expect(readdirSync(out).sort()).toEqual(['soak-crashes.html', 'soak-leak.html', 'soak.ndjson', 'soak.xml']);
  const records = readFileSync(join(out, 'soak.ndjson'), 'utf8').trimEnd().split('\n');
  expect(records.map((line) => JSON.parse(line).verdict)).toEqual(['inconclusive', 'crashed']);
});

test('a disk that takes no run is a fault: exit 4, the path and what to do', async () => {
  const directory = temporaryDirectory();
  writeFileSync(join(directory, 'file'), '');
  const { exitCode, stdout, stderr } = await plateau(['run', leak, ...short, '--out', 'file'], { directory });
  expect(stderr).toMatch(/Cannot make .*file.*: (ENOTDIR|EEXIST)\.\nTry: .*--out.*\nPLATEAU_STORE\n/);
  expect(stdout).toBe('');
  expect(exitCode).toBe(4);
});

test('colours only where they are wanted, and every line within a narrow terminal', async () => {
  const directory = temporaryDirectory();
  const settings: CliSettings = { directory };
  const { exitCode, stdout } = await plateau(['run', leak, ...short], settings);
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/leak {2}INCONCLUSIVE/);
  expect(stdout).not.toContain(escapeSequence);
  const analyse = ['analyse', 'latest'];
  const forced = await plateau(analyse, { directory, environment: { FORCE_COLOR: '1' } });
  expect(forced.stdout).toContain(escapeSequence);
  const refused = await plateau([...analyse, '--no-color'], { directory, environment: { FORCE_COLOR: '1' } });
  expect(refused.stdout).not.toContain(escapeSequence);
  const unwanted = await plateau(analyse, { directory, environment: { NO_COLOR: '1', FORCE_COLOR: '1' } });
  expect(unwanted.stdout).toBe(refused.stdout);
});

test('on a terminal: progress that is drawn over and taken away, then the report, as wide as the terminal', async () => {
  const directory = temporaryDirectory();
  const command = `stty cols 50 rows 30; '${process.execPath}' '${mainFile}' run '${leak}' ${short.join(' ')} 2> notes`;
  const environment = { TERM: 'xterm', NO_COLOR: '1' };
  const { exitCode, stdout } = await execute('script', ['-qec', command, 'typescript'], { directory, environment });
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/leak {2}INCONCLUSIVE/);
  const tooWide = stdout.split(/\r?\n/).filter((line) => line.length > 50 && !/plateau run|\.plateau/.test(line));
  expect(tooWide).toEqual([]);
  const drawn = await execute('script', ['-qec', command.replace(' 2> notes', ' > report'), 'typescript'], {
    directory,
    environment,
  });
  expect(drawn.stdout).toContain('● leak');
  expect(drawn.stdout).toContain(`${escapeSequence}2K`);
  expect(readFileSync(join(directory, 'report'), 'utf8')).toMatch(/^\? leak {2}INCONCLUSIVE/);
});

test('a reader that stops reading is no fault', async () => {
  const { exitCode, stderr } = await execute(
    'bash',
    ['-c', `"$0" "$1" list | true; exit "\${PIPESTATUS[0]}"`, process.execPath, mainFile],
    {},
  );
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
});

test('a run ends within its duration, also where what seems to leak would rest for longer', async () => {
  const directory = temporaryDirectory();
  const module = fileURLToPath(new URL('../fixtures/run/short-lived-entries.mjs', import.meta.url));
  const startedMs = performance.now();
  const given = ['run', module, '--quiet', '--duration', '6s', '--json'];
  const { stdout, exitCode } = await plateau(given, { directory, environment: { KEEP: 'all' } });
  // Starting, stopping and judging come on top; before, this run took more than half a minute.
  expect(performance.now() - startedMs).toBeLessThan(25_000);
  expect([1, 2]).toContain(exitCode);
  const { parameters, findings, suspects, warnings } = JSON.parse(stdout) as RunRecord;
  expect(parameters.durationMs).toBe(3_600);
  // Growth that looks like a leak, and has no suspects, is one whose cause there was no time for, also where its rest was cut.
  const isCut = findings.some(isLeakingGrowth) && suspects.length === 0;
  expect(warnings.some((warning) => warning.startsWith('the time of --duration was over'))).toBe(isCut);
});
