// Soaks leaking and sound cases of stores and of runtimes that build their services themselves, to a verdict and a cause:
// `npx tsx test/accuracy/stores.ts [--only redis,postgres,ruby,go,jvm] [--case key-left] [--seeds 3]`. The tables go into RESULTS.md.
import { parseArgs } from 'node:util';
import { runScenario } from '../../harness/index.js';
import * as go from '../fixtures/runtimes/go/cases.js';
import * as jvm from '../fixtures/runtimes/jvm/cases.js';
import * as postgres from '../fixtures/runtimes/postgres/cases.js';
import * as redis from '../fixtures/runtimes/redis/cases.js';
import * as ruby from '../fixtures/runtimes/ruby/cases.js';
import type { StoreCase } from '../fixtures/runtimes/store-case.js';
import { writePart } from './results-file.js';
import { judgedCase, type StoreRun, storeSection } from './store-section.js';

const suites: Readonly<
  Record<string, { title: string; leakingCases: readonly StoreCase[]; soundCases: readonly StoreCase[] }>
> = {
  redis: { title: 'Redis', ...redis },
  postgres: { title: 'PostgreSQL', ...postgres },
  ruby: { title: 'Ruby', ...ruby },
  go: { title: 'Go', ...go },
  jvm: { title: 'Java', ...jvm },
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(suites).join(',') },
    case: { type: 'string' },
    seeds: { type: 'string', default: '1' },
  },
});

for (const name of values.only.split(',')) {
  const suite = suites[name];
  if (suite === undefined) throw new Error(`--only: expected ${Object.keys(suites).join(', ')}, got ${name}`);
  const runs: StoreRun[] = [];
  for (const storeCase of [...suite.leakingCases, ...suite.soundCases]) {
    const { scenario } = storeCase;
    if (values.case !== undefined && scenario.name.split('/').at(-1) !== values.case) continue;
    for (let seed = 1; seed <= Number(values.seeds); seed += 1) {
      const started = performance.now();
      const record = await runScenario(scenario, {
        seed,
        durationMs: 180_000,
        outDirectory: `.plateau/accuracy/${name}`,
      });
      const run = judgedCase(storeCase, record, (performance.now() - started) / 1000);
      console.log(JSON.stringify(run));
      runs.push(run);
    }
  }
  if (values.case === undefined)
    writePart(
      name,
      storeSection(suite.title, runs),
      `npx tsx test/accuracy/stores.ts --only ${name} --seeds ${values.seeds}`,
    );
}
// Clients that a case leaves behind would keep the process.
process.exit();
