import { relative, sep } from 'node:path';
import { invalidOption } from '../../model/errors.js';
import { connectQueue } from '../../queue/connect-queue.js';
import { describeEnvironment } from '../../run/environment.js';
import { FleetEntries } from '../../run/fleet/fleet-entries.js';
import type { EntryPlace } from '../../run/nightly/entry-place.js';
import type { OpenNight } from '../../run/nightly/open-night.js';
import type { CliContext } from '../context.js';

interface FleetRequest {
  readonly night: OpenNight;
  readonly out: string;
  /** Absolute path of the configuration. */
  readonly file: string;
  readonly context: CliContext;
  /** For how long the queue may be away. */
  readonly silenceMs: number;
}

export interface OpenFleet {
  readonly place: EntryPlace;
  close(): Promise<void>;
}

/** Puts the entries of a night on a queue. @throws {PlateauError} see `connectQueue` */
export async function openFleet(
  url: string,
  { night, out, file, context, silenceMs }: FleetRequest,
): Promise<OpenFleet> {
  const configuration = relative(context.directory, file).split(sep).join('/');
  if (configuration.startsWith('..'))
    throw invalidOption(
      `--queue: expected a configuration below ${context.directory}, got ${file}.`,
      'call plateau nightly where the workers are called too: at the root of the repository',
    );
  const connection = await connectQueue(url, { silenceMs });
  const { gitCommit } = describeEnvironment(context.directory);
  const place = await FleetEntries.open({
    connection,
    night: night.plan.id,
    nightDirectory: night.directory,
    outDirectory: out,
    configuration,
    ...(gitCommit !== undefined && { commit: gitCommit }),
  });
  if ((await connection.queue.getWorkersCount()) === 0)
    context.output.notes.write('No worker takes entries yet: start one with plateau worker --queue.\n');
  return {
    place,
    async close() {
      place.close();
      await connection.close();
    },
  };
}
