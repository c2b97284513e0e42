import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadRun, type RunOptions, type RunRecord, runScenario } from 'plateau';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.js';

const module = fileURLToPath(new URL('../fixtures/run/hooked-functions.mjs', import.meta.url));

async function soak(attribution: NonNullable<RunOptions['attribution']>) {
  const outDirectory = temporaryDirectory();
  const record = await runScenario(module, { attribution, durationMs: 40_000, seed: 41, outDirectory });
  const { samples } = await loadRun('latest', { outDirectory });
  return { record, samples, directory: path.join(outDirectory, 'runs', record.id) };
}

const slopeOf = ({ findings }: RunRecord, metric: string) =>
  findings.find((finding) => finding.metric === metric)!.slope.estimate;

it('a run that looks for the cause of a leak measures what one does that does not', async () => {
  const without = await soak('off');
  const named = await soak('on-leak');
  for (const { record, samples } of [without, named]) {
    expect(record.verdict).toBe('leak');
    expect(slopeOf(record, 'gauge.entries')).toBeCloseTo(1, 3);
    expect(new Set([...samples.metrics.get('gauge.hooks')!].filter(Number.isFinite))).toEqual(new Set([0]));
  }
  const ratio = slopeOf(named.record, 'heapUsed') / slopeOf(without.record, 'heapUsed');
  expect(ratio).toBeGreaterThan(0.95);
  expect(ratio).toBeLessThan(1.05);
  expect(without.record.suspects).toEqual([]);
  expect(named.record.suspects[0]?.location).toMatchObject({ file: module, line: 6 });
  const log = (...names: string[]) => readFileSync(path.join(named.directory, ...names), 'utf8');
  expect(log('target.log')).toContain('hooks: 0');
  expect(log('attribution', 'target.log')).toContain('hooks: 1');
});
