// How often plateau and other rules are right: `npx tsx test/accuracy/accuracy.ts [folder of traces]`.
// Prints the tables and writes them to RESULTS.md beside this file; ends with 1 when a verdict was wrong.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { comparisonSection } from './comparison-section.js';
import { nightsSection } from './nights/nights-section.js';
import { powerSection } from './power-section.js';
import { writePart } from './results-file.js';
import { readTraces } from './trace.js';
import { traceSection } from './trace-section.js';

const folder = process.argv[2];
const traces = readTraces(folder ?? join(dirname(fileURLToPath(import.meta.url)), 'traces'));
const command = `npm run accuracy${folder === undefined ? '' : ' -- <folder of traces>'}`;
const parts = {
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
