import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { PlateauError } from '../../model/errors.js';
import type { CliContext } from '../context.js';

const pageProcess = fileURLToPath(new URL('./page-process.js', import.meta.url));

/**
 * Starts the live page of an output directory beside a run. It reads what lies on disk, in a process of its own: it takes
 * nothing of the run's time, and the run's end does not wait for it.
 */
export async function openLivePage({ output }: CliContext, outDirectory: string): Promise<void> {
  const child = fork(pageProcess, [], { stdio: 'ignore', detached: true });
  child.send({ outDirectory });
  const first = await Promise.race([
    once(child, 'message').then(([message]) => message as { readonly url: string }),
    once(child, 'exit').then(() => undefined),
  ]);
  if (first === undefined)
    throw new PlateauError('PLATEAU_INTERNAL', '--ui: the process of the live page ended at once.', {
      hint: 'plateau ui shows why',
    });
  output.notes.write(`Live page at ${first.url}\n`);
  child.unref();
  child.channel?.unref();
}
