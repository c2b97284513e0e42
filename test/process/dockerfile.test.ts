import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type CliResult, execute } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Step {
  readonly instruction: string;
  readonly value: string;
}

function stepsOf(dockerfile: string): Step[] {
  const lines = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [instruction = '', ...words] = line.split(' ');
    return { instruction, value: words.join(' ') };
  });
}

/** What concerns the system of the image, which a test must not change. */
const ofSystem = /^(apt-get|useradd|chown|rm -rf \/var) ?/;

/** Takes the steps of a Dockerfile in a directory in place of the image's root; of its system's packages and users none. */
class Image {
  directory: string;
  command: readonly string[] = [];

  constructor(
    readonly root: string,
    private readonly context: string,
    private readonly argument: string,
  ) {
    this.directory = root;
  }

  /** Where a path of the image lies. */
  private inside(path: string): string {
    return path.startsWith('/') ? join(this.root, path) : join(this.directory, path);
  }

  async take({ instruction, value }: Step): Promise<void> {
    switch (instruction) {
      case 'WORKDIR':
        this.directory = this.inside(value);
        mkdirSync(this.directory, { recursive: true });
        return;
      case 'COPY': {
        const [from = '', to = ''] = value
          .replace('--chown=plateau ', '')
          .replace(/\$\{PACKAGE\}/, this.argument)
          .split(' ');
        mkdirSync(join(this.root, 'tmp'), { recursive: true });
        cpSync(join(this.context, from), this.inside(to), { recursive: true });
        return;
      }
      case 'RUN':
        for (const command of value.split(' && ').filter((each) => !ofSystem.test(each))) await this.run(command);
        return;
      case 'CMD':
        this.command = JSON.parse(value) as string[];
        return;
      default:
        expect(['FROM', 'ARG', 'USER']).toContain(instruction);
    }
  }

  async run(command: string): Promise<CliResult> {
    const here = command.replaceAll(/(?<=\s)\/(srv|tmp|plateau)\b/g, join(this.root, '$1'));
    const result = await execute('sh', ['-c', here], { directory: this.directory });
    expect(result, here).toMatchObject({ exitCode: 0 });
    return result;
  }
}

test('the steps of the Dockerfile make a place in which plateau works, also as another machine of a night', async () => {
  const context = temporaryDirectory();
  const packed = await execute('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', context], {
    directory: root,
  });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  writeFileSync(join(context, 'package.json'), JSON.stringify({ name: 'shop', private: true, type: 'module' }));
  writeFileSync(join(context, 'driver.mjs'), 'export function iterate() {}\n');
  const image = new Image(temporaryDirectory(), context, basename(filename));
  for (const step of stepsOf(readFileSync(join(root, '.github/Dockerfile'), 'utf8'))) await image.take(step);
  expect(existsSync(join(image.root, 'tmp/plateau.tgz'))).toBe(false);
  // It must come from the package alone.
  rmSync(join(image.directory, filename));
  const { stdout } = await image.run([...image.command, '--help'].join(' '));
  expect(stdout).toContain('--queue <url>');
  const { stdout: record } = await execute(
    'npx',
    ['plateau', 'run', './driver.mjs', '--rounds', '3', '--quiet', '--json', '--out', join(image.root, 'plateau/out')],
    { directory: image.directory },
  );
  expect(JSON.parse(record)).toMatchObject({ scenario: 'driver', counts: { rounds: 3, failed: 0 } });
});
