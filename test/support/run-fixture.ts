import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RunOptions, type RunRecord, runScenario } from 'plateau';
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
