import { invalidOption } from '../../model/errors.js';
import { ownVersion } from '../../run/environment.js';
import type { AddCommand, CliContext } from '../context.js';
import { fleetManifest } from '../fleet/fleet-manifest.js';
import { countOption } from '../options/options.js';

interface Flags {
  readonly image: string;
  readonly workers: number;
  readonly shard?: true;
  readonly queueSecret: string;
  readonly name: string;
}

const usualWorkers = 4;
const dnsName = /^[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?$/;

const help = `
The image holds your repository with its packages; .github/Dockerfile of plateau is one to begin with.

Examples:
  $ plateau fleet manifest --image registry.internal/shop-soak > fleet.json && kubectl apply -f fleet.json
  $ plateau fleet manifest --image registry.internal/shop-soak --shard --workers 8`;

export const addFleetCommand: AddCommand = (program, act) => {
  const fleet = program.command('fleet').description('nights on many machines');
  fleet
    .command('manifest')
    .description('write an Indexed Job for Kubernetes: workers on a queue, or a part of the suite each')
    .requiredOption('--image <name>', 'image that holds the repository and its packages')
    .option('--workers <n>', 'pods at once', countOption('--workers', 8), usualWorkers)
    .option('--shard', 'a part of the suite each, without a queue')
    .option('--queue-secret <name>', 'Secret whose key `url` is the address of the queue', 'plateau-queue')
    .option('--name <name>', 'of the Job', 'plateau')
    .addHelpText('after', help)
    .action(act(manifest));
};

function manifest({ output }: CliContext, { image, workers, shard, queueSecret, name }: Flags): number {
  for (const [option, value] of [
    ['--name', name],
    ['--queue-secret', queueSecret],
  ] as const)
    if (!dnsName.test(value))
      throw invalidOption(
        `${option}: expected a DNS label, got "${value}".`,
        'lower-case letters, digits and hyphens, e.g. plateau-night',
      );
  if (image.trim() === '')
    throw invalidOption(
      `--image: expected the name of an image, got "${image}".`,
      '--image registry.internal/shop-soak',
    );
  const job = fleetManifest({ name, image, workers, version: ownVersion(), ...(shard ? {} : { queueSecret }) });
  output.report.write(`${JSON.stringify(job, undefined, 2)}\n`);
  return 0;
}
