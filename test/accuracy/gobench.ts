// Soaks GoBench's blocking kernels, each in a loop behind a small server: what they leave behind must be reported with the line
// of its `go` statement. `npx tsx test/accuracy/gobench.ts <checkout of timmyyuan/gobench> [kernel...]`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunRecord, runScenario } from '../../harness/index.js';
import { parseGoroutines } from '../../harness/runtimes/go/profile-text.js';
import { sessionsCase } from '../fixtures/runtimes/sessions.js';
import { writePart } from './results-file.js';

const server = fileURLToPath(new URL('services/gobench-server.go', import.meta.url));
/** Goroutines left by so many runs of a kernel are what the run must report. */
const trialRuns = 60;
/** Of the runs of a kernel: what is left less often needs a longer soak than these. */
const shareMin = 0.05;
const soakMs = 150_000;

interface KernelResult {
  readonly kernel: string;
  /** Goroutines left by a run of it, as counted without plateau. */
  readonly left: number;
  readonly outcome: 'reported' | 'missed' | 'leaves none' | 'false' | 'not run';
  readonly detail: string;
}

const [checkout = '', ...wanted] = process.argv.slice(2);
const results: KernelResult[] = [];
const files = readdirSync(join(checkout, 'gobench/goker/blocking'), { recursive: true, encoding: 'utf8' });
for (const file of files.filter((name) => name.endsWith('_test.go')).sort()) {
  const kernel = file.split('/').slice(-3, -1).join('/');
  if (wanted.length > 0 && !wanted.includes(kernel)) continue;
  const result = await soakKernel(kernel, join(checkout, 'gobench/goker/blocking', file));
  console.log(JSON.stringify(result));
  results.push(result);
}
if (wanted.length === 0) writePart('gobench', sectionOf(results), 'npx tsx test/accuracy/gobench.ts <checkout>');

async function soakKernel(kernel: string, file: string): Promise<KernelResult> {
  const directory = mkdtempSync(join(tmpdir(), 'gobench-'));
  try {
    writeKernel(directory, file);
    const built = spawnSync('go', ['build', '-o', 'kernel', '.'], { cwd: directory, encoding: 'utf8' });
    if (built.status !== 0) return notRun(kernel, built.stderr.trim().split('\n').at(-1) ?? 'it does not build');
    const truth = countLeft(directory);
    if (typeof truth === 'string') return notRun(kernel, truth);
    const record = await soak(kernel, directory);
    return judged(kernel, truth, record);
  } catch (error) {
    return notRun(kernel, (error as Error).message.split('\n')[0]!);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeKernel(directory: string, file: string): void {
  const source = readFileSync(file, 'utf8');
  const test = /^func (Test\w+)\(/m.exec(source)?.[1];
  writeFileSync(join(directory, 'kernel.go'), source.replace(/^package \w+/m, 'package main'));
  writeFileSync(join(directory, 'test.go'), `package main\n\nvar kernel = ${test}\n`);
  writeFileSync(join(directory, 'go.mod'), 'module kernel\n\ngo 1.18\n');
  cpSync(server, join(directory, 'server.go'));
}

/** Goroutines left a run by the line of their `go` statement, or why they could not be counted. */
function countLeft(directory: string): Map<string, number> | string {
  const { stdout, stderr, status } = spawnSync(join(directory, 'kernel'), ['count', String(trialRuns)], {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) return stderr.trim().split('\n')[0] ?? 'it ended';
  const left = new Map<string, number>();
  for (const { createdBy } of parseGoroutines(stdout)) {
    const [, name] = /([^/]+)$/.exec(createdBy?.file ?? '') ?? [];
    if (name !== 'kernel.go' && name !== 'server.go') continue;
    const place = `${name}:${createdBy?.line}`;
    left.set(place, (left.get(place) ?? 0) + 1 / trialRuns);
  }
  return left;
}

function soak(kernel: string, directory: string): Promise<RunRecord> {
  const { scenario } = sessionsCase(`gobench/${kernel.replace('/', '-')}`, {
    go: '.',
    cwd: directory,
    env: { PORT: '{port}' },
    ready: { line: 'listening' },
  });
  return runScenario(scenario, { seed: 1, durationMs: soakMs, outDirectory: join(directory, 'runs') });
}

function judged(kernel: string, truth: ReadonlyMap<string, number>, record: RunRecord): KernelResult {
  const left = [...truth.values()].reduce((sum, count) => sum + count, 0);
  const leaks = record.findings.some(({ metric, verdict }) => metric === 'goroutines' && verdict === 'leak');
  const named = record.suspects.flatMap(({ location }) => `${location?.file.split('/').at(-1)}:${location?.line}`);
  const expected = [...truth].filter(([, count]) => count >= shareMin).map(([place]) => place);
  const detail = `${record.verdict}, ${record.counts.cycles} cycles; left at ${expected.join(' ') || 'no line'}; named ${[...new Set(named)].join(' ') || 'none'}`;
  if (expected.length === 0) return { kernel, left, outcome: leaks && left === 0 ? 'false' : 'leaves none', detail };
  const isReported = leaks && expected.some((place) => named.includes(place));
  return { kernel, left, outcome: isReported ? 'reported' : 'missed', detail };
}

function notRun(kernel: string, detail: string): KernelResult {
  return { kernel, left: 0, outcome: 'not run', detail };
}

function sectionOf(all: readonly KernelResult[]) {
  const of = (outcome: KernelResult['outcome']) => all.filter((result) => result.outcome === outcome);
  const leaving = of('reported').length + of('missed').length;
  const body = [
    `- kernels that leave goroutines and were reported with the line of a \`go\` statement: ${of('reported').length} of ${leaving}`,
    `- kernels that left none in ${trialRuns} runs: ${of('leaves none').length}, of which reported: ${of('false').length}`,
    `- not run: ${of('not run').length}`,
    '',
    '| kernel | left a run | outcome | detail |',
    '| --- | --- | --- | --- |',
    ...all.map(({ kernel, left, outcome, detail }) => `| ${kernel} | ${left.toFixed(2)} | ${outcome} | ${detail} |`),
  ].join('\n');
  return { title: `GoBench: ${all.length} blocking kernels`, body, failures: [] };
}
