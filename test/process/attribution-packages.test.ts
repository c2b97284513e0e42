import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { attributeModule } from '../support/attribution-bench.js';
import { writeHoardingPackage } from '../support/hoarding-package.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** What is reported of a module that calls a package, with this source where it is given. */
async function attributePackage(source?: string) {
  const directory = temporaryDirectory();
  const { module, file } = writeHoardingPackage(directory, source);
  const growth = { heapUsed: 40 };
  const drive = { cycles: 20_000, driveMs: 500, directory: path.join(directory, 'attribution') };
  const { suspects } = await attributeModule({ module, variant: 'leaky', growth, ...drive });
  return { suspects, module, file };
}

it('names the package and the line in it, and the line that calls it', async () => {
  const { suspects, module, file } = await attributePackage();
  expect(suspects[0]).toMatchObject({
    kind: 'retainer',
    location: {
      file,
      line: 3,
      package: 'hoarder@1.2.3',
      source: 'seen.push({ what });',
    },
    holder: { path: ['seen: Array (hoarder@1.2.3/index.js)'], location: { line: 1 } },
  });
  expect(suspects[0]?.calledFrom).toMatchObject({
    file: module,
    line: 2,
    source: 'export const iterate = (cycle) => hoarder.see(cycle);',
  });
  expect(suspects[0]?.stack?.[1]).toEqual(suspects[0]?.calledFrom);
  expect(suspects[0]?.description).toContain('hoarder@1.2.3/index.js:3');
});

it('names the line that calls a package through many functions of one generated line', async () => {
  const depth = 20;
  const functions = Array.from(
    { length: depth },
    (_, at) => `function f${at}(w){return ${at === 0 ? 'seen.push({w})' : `f${at - 1}(w)+1`}}`,
  );
  const source = `const seen=[];${functions.toReversed().join('')}exports.see=w=>f${depth - 1}(w);\n`;
  const { suspects, module } = await attributePackage(source);
  const column = source.indexOf('push') + 1;
  expect(suspects[0]?.location).toMatchObject({ line: 1, package: 'hoarder@1.2.3' });
  expect(suspects[0]?.location?.source).toContain('seen.push({w})');
  expect(suspects[0]?.description).toContain(`hoarder@1.2.3/index.js:1:${column}`);
  expect(suspects[0]?.calledFrom).toMatchObject({ file: module, line: 2 });
});

it('names the line that called a package which keeps things later, on a stack of its own', async () => {
  const source = `const seen = [];
function keep(work) {
  seen.push({ work });
}
exports.see = (what) => {
  queueMicrotask(keep.bind(undefined, { what, at: [what] }));
};
`;
  const { suspects, module } = await attributePackage(source);
  expect(suspects[0]).toMatchObject({
    location: { line: 3, package: 'hoarder@1.2.3', source: 'seen.push({ work });' },
    holder: { path: ['seen: Array (hoarder@1.2.3/index.js)'] },
    calledFrom: { file: module, line: 2 },
  });
});

it('names the line that allocates what nothing in the heap snapshots holds', async () => {
  const directory = temporaryDirectory();
  const module = path.join(directory, 'driver.mjs');
  const source = 'export const iterate = (cycle) => {\n  Symbol.for("tenant " + cycle + " of the registry");\n};\n';
  writeFileSync(module, source);
  const drive = { cycles: 40_000, driveMs: 800, directory: path.join(directory, 'attribution') };
  const { suspects } = await attributeModule({ module, variant: 'leaky', growth: { heapUsed: 90 }, ...drive });
  expect(suspects[0]?.location).toMatchObject({ file: module });
});
