import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RunOptions, type RunRecord, runScenario } from 'plateau';
import { processesWith } from './processes-with.js';
import { temporaryDirectory } from './temporary-directory.js';

/** File of a target or scenario that tests of runs share. */
export const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/run/${name}`, import.meta.url));

/** 1-based line of a fixture in which a text stands. */
export const lineOf = (name: string, text: string) =>
  readFileSync(fixture(name), 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

export const soakFixture = (name: string, options: RunOptions): Promise<RunRecord> =>
  runScenario(fixture(name), { seed: 41, ...options, outDirectory: temporaryDirectory() });

/** A run with the attribution pass left out: it has tests of its own. */
export async function soak(
  scenario: Parameters<typeof runScenario>[0],
  options: RunOptions = {},
): Promise<RunRecord & { outDirectory: string }> {
  const outDirectory = options.outDirectory ?? temporaryDirectory();
  const record = await runScenario(scenario, {
    attribution: 'off',
    durationMs: 40_000,
    seed: 41,
    ...options,
    outDirectory,
  });
  return { ...record, outDirectory };
}

/** Processes that carry the mark of a run. */
export function processesOf(runId: string): number[] {
  return processesWith(`/${runId}`);
}
