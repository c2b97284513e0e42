import { describe, expect, test } from 'vitest';
import { bisectionResultSchema } from '../../harness/model/bisection.js';
import { type Random, randomInteger, seededRandom } from '../../harness/platform/random.js';
import { plateau } from '../support/cli.js';
import { createRepository, storeModule, storeScenario, type TestRepository } from '../support/repositories.js';

const commits = 64;
const repositories = 20;
/** Verifying both ends, and log2(63) between them. */
const mostDriven = 8;
const brokenShare = 0.15;

interface Generated {
  readonly repository: TestRepository;
  readonly good: string;
  /** The commit that brought the leak. */
  readonly leak: string;
  readonly broken: number;
}

/** A line of commits of which one brings a leak and some do not build; in every other repository branches are merged. */
function generate(seed: number): Generated {
  const random = seededRandom('bisect', seed);
  const repository = createRepository();
  const leakAt = randomInteger(random, 2, commits);
  const kept = randomInteger(random, 1, 3);
  const shas: string[] = [];
  let broken = 0;
  let branchEnds = 0;
  for (let number = 1; number <= commits; number += 1) {
    const needed = number === 1 || number === commits || number === leakAt || number === leakAt - 1;
    const builds = needed || random() >= brokenShare;
    if (!builds) broken += 1;
    const files = {
      'soak.mjs': storeScenario,
      'store.mjs': `${storeModule(number >= leakAt ? kept : 0)}// ${number}\n`,
      'build.mjs': builds ? `// ${number}\n` : `console.error('${number}'); process.exit(1);\n`,
    };
    if (seed % 2 === 1 && branchEnds === 0 && branches(random, number, leakAt)) branchEnds = number + 2;
    if (branchEnds === number + 2) repository.git('checkout', '--quiet', '-b', `side-${number}`);
    shas.push(repository.commit(`change ${number}`, files));
    if (branchEnds !== number) continue;
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--no-ff', '--message', `merge ${number}`, `side-${number - 2}`);
    branchEnds = 0;
  }
  if (branchEnds !== 0) repository.git('branch', '--force', 'main', 'HEAD');
  return { repository, good: shas[0]!, leak: shas[leakAt - 1]!, broken };
}

/** Away from the leak, so that its parent is the commit before it. */
function branches(random: Random, number: number, leakAt: number): boolean {
  return number > 1 && number + 2 < commits && random() < 0.15 && (number > leakAt || number + 2 < leakAt);
}

describe(`${repositories} repositories of ${commits} commits and more`, () => {
  test.each(Array.from({ length: repositories }, (_, seed) => seed))(
    'repository %i',
    async (seed) => {
      const { repository, good, leak, broken } = generate(seed);
      const before = repository.state();
      const { exitCode, stdout, stderr } = await plateau(
        ['bisect', 'soak.mjs', '--good', good, '--bad', 'main', '--json', '--', 'node', 'build.mjs'],
        { directory: repository.directory },
      );
      expect(exitCode, stderr).toBe(0);
      const result = bisectionResultSchema.parse(JSON.parse(stdout));
      expect(result.commit?.sha, `${broken} do not build\n${stderr}`).toBe(leak);
      expect(result.driven).toBeLessThanOrEqual(mostDriven);
      expect(
        repository
          .state()
          .replaceAll(/^\?\? \.plateau.*$/gm, '')
          .trimEnd(),
      ).toBe(before.trimEnd());
    },
    300_000,
  );
});
