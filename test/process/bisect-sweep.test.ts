import { describe, expect, test } from 'vitest';
import { bisectionResultSchema } from '../../harness/model/bisection.js';
import { randomInteger, seededRandom } from '../../harness/platform/random.js';
import { plateau } from '../support/cli.js';
import { createRepository, storeModule, storeScenario, type TestRepository } from '../support/repositories.js';

const commits = 64;
const repositories = 20;
/** Verifying both ends, and log2(63) between them. */
const drivenMax = 8;
const brokenShare = 0.15;
const branchShare = 0.15;
const branchLength = 3;

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
  let side: { readonly name: string; readonly mergedAt: number } | undefined;
  for (let number = 1; number <= commits; number += 1) {
    if (side?.mergedAt === number) {
      repository.git('checkout', '--quiet', 'main');
      repository.git('merge', '--quiet', '--no-ff', '--message', `merge ${side.name}`, side.name);
      shas.push(repository.git('rev-parse', 'HEAD'));
      side = undefined;
      continue;
    }
    if (seed % 2 === 1 && side === undefined && mayBranch(number, leakAt) && random() < branchShare) {
      side = { name: `side-${number}`, mergedAt: number + branchLength };
      repository.git('checkout', '--quiet', '-b', side.name);
    }
    const needed = number === 1 || number === commits || number === leakAt || number === leakAt - 1;
    const builds = needed || random() >= brokenShare;
    if (!builds) broken += 1;
    const files = {
      'soak.mjs': storeScenario,
      'store.mjs': `${storeModule(number >= leakAt ? kept : 0)}// ${number}\n`,
      'build.mjs': builds ? `// ${number}\n` : `console.error('${number}'); process.exit(1);\n`,
    };
    shas.push(repository.commit(`change ${number}`, files));
  }
  return { repository, good: shas[0]!, leak: shas[leakAt - 1]!, broken };
}

/** Away from both ends and from the leak, whose parent must build. */
function mayBranch(number: number, leakAt: number): boolean {
  const mergedAt = number + branchLength;
  return number > 1 && mergedAt < commits && (number > leakAt || mergedAt < leakAt - 1);
}

describe(`${repositories} repositories of ${commits} commits`, () => {
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
      expect(result.driven).toBeLessThanOrEqual(drivenMax);
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
