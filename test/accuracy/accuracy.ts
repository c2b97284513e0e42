// How often plateau and other rules are right: `npx tsx test/accuracy/accuracy.ts [folder of traces]`.
// Prints the tables and writes them to RESULTS.md beside this file; ends with 1 when a verdict was wrong.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nightsSection } from './nights/nights-section.js';
import { powerSection } from './power-section.js';
import type { Section } from './section.js';
import { readTraces } from './trace.js';
import { traceSection } from './trace-section.js';

const here = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2];
const traces = readTraces(folder ?? join(here, 'traces'));
const sections: readonly Section[] = [traceSection(traces), powerSection(traces), nightsSection()];
const failures = sections.flatMap((section) => section.failures);
const command = ['npx tsx test/accuracy/accuracy.ts', ...(folder === undefined ? [] : ['<folder of traces>'])].join(
  ' ',
);
const results = [
  '# Accuracy',
  `\`${command}\`, ${new Date().toISOString().slice(0, 10)}, Node ${process.version}. Intervals are Clopper-Pearson, 95 %.`,
  ...sections.flatMap(({ title, body }) => [`## ${title}`, body]),
  `## Wrong verdicts: ${failures.length}`,
  failures.length === 0
    ? 'None: no false leak, no leak of 10 B/cycle or more called plateau.'
    : failures.map((line) => `- ${line}`).join('\n'),
].join('\n\n');
console.log(results);
writeFileSync(join(here, 'RESULTS.md'), `${results}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
