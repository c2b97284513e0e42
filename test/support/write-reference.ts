/** Writes the reference in scenarios/README.md from the types and the command line: `npm run reference`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withReference } from './reference.js';

const readme = new URL('../../scenarios/README.md', import.meta.url);
writeFileSync(readme, await withReference(readFileSync(readme, 'utf8')));
