// Keeps runs of `plateau verify` with their declared truth, so that `npm run accuracy` judges them again:
// `plateau verify --json --out <folder> > rows.ndjson`, then `npx tsx test/accuracy/keep-runs.ts rows.ndjson <folder>`.
// All runs of a scenario go to the same side of the split. Runs that were interrupted are left out.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

interface VerifiedLine {
  readonly scenario: string;
  readonly defect: string | null;
  readonly expect: { readonly verdict: string };
  readonly got: string;
  readonly run: string;
}

const folder = fileURLToPath(new URL('runs', import.meta.url));
/** Paths of the package are made the same for all runs: where it lay on a machine says nothing of them. */
const packagePath = /"\/[^"]*?\/(scenarios\/[^"]*)"/g;
/** One scenario in four shows whether rules hold elsewhere. */
const heldOutOf = 4;

function splitOf(scenario: string): 'development' | 'held-out' {
  const [byte] = createHash('sha256').update(scenario).digest();
  return byte! % heldOutOf === 0 ? 'held-out' : 'development';
}

function keep({ scenario, defect, expect, run }: VerifiedLine, from: string): void {
  const name = [scenario.replace('/', '.'), defect ?? 'sound'].join('--');
  const to = join(folder, splitOf(scenario), name);
  mkdirSync(to, { recursive: true });
  const { visibility } = JSON.parse(readFileSync(join(from, 'runs', run, 'manifest.json'), 'utf8'));
  copyFileSync(join(from, 'runs', run, 'manifest.json'), join(to, 'manifest.json'));
  const samples = readFileSync(join(from, 'runs', run, 'samples.ndjson'), 'utf8').replace(packagePath, '"/plateau/$1"');
  writeFileSync(join(to, 'samples.ndjson.gz'), gzipSync(samples, { level: 9 }));
  const truth = {
    truth: expect.verdict === 'plateau' ? 'plateau' : 'leak',
    group: scenario,
    target: visibility === 'node' ? 'node' : 'outside',
  };
  writeFileSync(join(to, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
}

const [rows, from] = process.argv.slice(2);
if (rows === undefined || from === undefined || !existsSync(rows)) {
  console.error('expected the output of `plateau verify --json` and its folder');
  process.exit(3);
}
const lines = readFileSync(rows, 'utf8').trim().split('\n');
for (const line of lines.map((text): VerifiedLine => JSON.parse(text)))
  if (line.expect.verdict === 'plateau' || line.expect.verdict === 'leak')
    if (!line.got.startsWith('interrupted')) keep(line, from);
