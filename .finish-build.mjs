/** What the compiler leaves out of `dist/`: the JSON Schemas of the run record and of comparisons, and the files that go into HTML reports. */
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

/** What is added to a Go service is compiled there. */
const goAgent = 'harness/runtimes/go/agent';
await cp(goAgent, `dist/${goAgent}`, { recursive: true });
