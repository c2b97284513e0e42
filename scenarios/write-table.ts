/** Writes README.md beside it: `npm run scenarios`. */
import { writeFileSync } from 'node:fs';
import { builtInScenarios } from './index.js';
import { scenarioTable } from './table.js';

writeFileSync(new URL('./README.md', import.meta.url), scenarioTable(await builtInScenarios()));
