/**
 * What the compiler leaves out of `dist/`: the JSON Schemas of the run record and of comparisons, the files that go into
 * HTML reports, and what is compiled where it is used.
 */
import { cp, writeFile } from 'node:fs/promises';
import { comparisonJsonSchema, jsonSchema } from './dist/reporters/index.js';

const browserFile = /\.(css|js)$/;
const from = 'reporters/html/client';

await writeFile('dist/harness/model/run-record.schema.json', `${JSON.stringify(jsonSchema(), null, 2)}\n`);
await writeFile('dist/harness/model/comparison.schema.json', `${JSON.stringify(comparisonJsonSchema(), null, 2)}\n`);
await cp(from, 'dist/reporters/html/client', {
  recursive: true,
  filter: (path) => path === from || browserFile.test(path),
});

/** The built-in service in Python. */
const service = 'scenarios/series-api/python';
await cp(service, `dist/${service}`, { recursive: true, filter: (path) => path === service || path.endsWith('.py') });

/** What runs in services of other runtimes: an agent for Python, Go and Ruby, a library for C, C++ and Rust. */
for (const directory of ['go/agent', 'native/preload', 'python/agent', 'ruby/agent'])
  await cp(`harness/runtimes/${directory}`, `dist/harness/runtimes/${directory}`, {
    recursive: true,
    filter: (path) => !path.includes('__pycache__'),
  });

/** Services in Rust, Go and Java are compiled where they are soaked. */
for (const directory of ['rust', 'sessions/go', 'sessions/java'])
  await cp(`scenarios/${directory}`, `dist/scenarios/${directory}`, {
    recursive: true,
    filter: (path) => !path.endsWith('.ts'),
  });
