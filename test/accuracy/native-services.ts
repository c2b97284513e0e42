/**
 * Soaks every service in C, C++ and Rust and writes a table: verdict, slope against the truth, line, seconds.
 * `npx tsx test/accuracy/native-services.ts [seeds]`, after a build.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NativeCase, type NativeLanguage, nativeCases } from '../fixtures/runtimes/native/cases.js';
import { buildNativeService, lineOfLeak, soakNative, suspectsAt } from '../support/native-services.js';

const seeds = Array.from({ length: Number(process.argv[2] ?? 1) }, (_, index) => 41 + index);
const directory = mkdtempSync(join(tmpdir(), 'plateau-native-'));
const programs = new Map<NativeLanguage, string>();
for (const language of ['c', 'cpp', 'rust'] as const) programs.set(language, buildNativeService(language, directory));

console.log('| service | seed | verdict | slope, truth | line | cycles | s |\n|---|---|---|---|---|---|---|');
for (const trial of nativeCases) for (const seed of seeds) console.log(await rowOf(trial, seed));
rmSync(directory, { recursive: true, force: true });

async function rowOf(trial: NativeCase, seed: number): Promise<string> {
  const startedMs = performance.now();
  const outDirectory = join(directory, `${trial.language}-${trial.behaviour}-${seed}`);
  const record = await soakNative(programs.get(trial.language)!, trial, { seed, outDirectory });
  const { leak } = trial;
  const found = record.findings.find(({ metric }) => metric === leak?.metric);
  const digits = (value: number) => Number(value.toPrecision(3));
  const slope =
    found === undefined ? '' : `${digits(found.slope.low)} to ${digits(found.slope.high)} of ${leak!.perCycle}`;
  const isNamed = leak !== undefined && record.verdict === 'leak';
  const line = isNamed ? (suspectsAt(record, lineOfLeak(trial)).length > 0 ? 'yes' : 'no') : '';
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const cells = [
    `${trial.language} ${trial.behaviour}`,
    seed,
    record.verdict,
    `${leak?.metric ?? ''} ${slope}`.trim(),
    line,
  ];
  return `| ${[...cells, record.counts.cycles, seconds].join(' | ')} |`;
}
