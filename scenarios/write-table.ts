/** Writes the table of README.md beside it, below what is written there by hand: `npm run scenarios`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { builtInScenarios } from './index.js';
import { scenarioTable, tableHeading } from './table.js';

const readme = new URL('./README.md', import.meta.url);
const [byHand = ''] = readFileSync(readme, 'utf8').split(`${tableHeading}\n`);
writeFileSync(readme, byHand + scenarioTable(await builtInScenarios()));
