import { exactDuration } from '../model/quantity.js';
import type { RunOptions } from '../model/run-options.js';
import { shellWords } from '../model/shell-words.js';

/** The command that repeats a run. */
export function rerunCommand(name: string, options: RunOptions, seed: number): string {
  const words = ['plateau run', shellWords([name]), ...(options.defects ?? []).map((defect) => `--defect ${defect}`)];
  for (const [fault, share] of Object.entries(options.faults ?? {})) words.push(`--fault ${fault}=${share}`);
  if (options.cycles !== undefined) words.push(`--cycles ${options.cycles}`);
  if (options.rounds !== undefined) words.push(`--rounds ${options.rounds}`);
  if (options.durationMs !== undefined) words.push(`--duration ${exactDuration(options.durationMs)}`);
  if (options.driveMs !== undefined) words.push(`--drive ${exactDuration(options.driveMs)}`);
  if (options.concurrency !== undefined) words.push(`--concurrency ${options.concurrency}`);
  if (options.ratePerSecond !== undefined) words.push(`--rate ${options.ratePerSecond}`);
  for (const [metric, budget] of Object.entries(options.budgets ?? {})) words.push(`--budget ${metric}=${budget}`);
  if (options.untilDecided === false) words.push('--no-until-decided');
  if (options.confidence !== undefined) words.push(`--confidence ${options.confidence}`);
  if (options.thorough) words.push('--thorough');
  if (options.days !== undefined) words.push(`--days ${options.days}`);
  if (options.virtualTime) words.push('--virtual-time');
  if (options.attribution !== undefined) words.push(`--attribution ${options.attribution}`);
  if (options.footprint !== undefined)
    words.push(options.footprint === 'auto' ? '--footprint' : `--footprint ${options.footprint}`);
  for (const flag of options.nodeArguments ?? []) words.push(`--node-option=${shellWords([flag])}`);
  if (options.baseline !== undefined) words.push(`--baseline ${shellWords([options.baseline.source])}`);
  return [...words, `--seed ${seed}`].join(' ');
}
