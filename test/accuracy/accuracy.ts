// How often plateau and other rules are right: `npm run accuracy [-- <folder of traces>]`. What a rule of the engine is worth
// on the recorded runs: `npm run accuracy -- --without <rule>[,<rule>...]`.
// Prints the tables and writes them to RESULTS.md beside this file; ends with 1 when a verdict was wrong.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ruleExplanations } from '../../harness/model/rule.js';
import { comparisonSection } from './comparison-section.js';
import { nightsSection } from './nights/nights-section.js';
import { nullSection } from './null-section.js';
import { powerSection } from './power-section.js';
import { readRecordedRuns } from './recorded-run.js';
import { ablation, recordedRunsSection } from './recorded-runs-section.js';
import { writePart } from './results-file.js';
import { readTraces } from './trace.js';
import { traceSection } from './trace-section.js';

const { values, positionals } = parseArgs({ options: { without: { type: 'string' } }, allowPositionals: true });
const runs = await readRecordedRuns();
if (values.without !== undefined) {
  const names = values.without.split(',');
  const unknown = names.filter((name) => !Object.hasOwn(ruleExplanations, name));
  if (unknown.length > 0) {
    console.error(`--without: expected rules of the engine, got ${unknown.join(', ')}`);
    process.exit(3);
  }
  console.log(ablation(runs, names));
  process.exit(0);
}
const [folder] = positionals;
const traces = readTraces(folder ?? join(dirname(fileURLToPath(import.meta.url)), 'traces'));
const command = `npm run accuracy${folder === undefined ? '' : ' -- <folder of traces>'}`;
const parts = {
  runs: recordedRunsSection(runs),
  null: nullSection(runs),
  recorded: traceSection(traces),
  power: powerSection(traces),
  comparisons: comparisonSection(traces),
  nights: nightsSection(),
};
for (const [name, section] of Object.entries(parts)) {
  console.log(`## ${section.title}\n\n${section.body}\n`);
  writePart(name, section, command);
  for (const failure of section.failures) console.error(failure);
  if (section.failures.length > 0) process.exitCode = 1;
}
