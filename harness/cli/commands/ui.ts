import { once } from 'node:events';
import type { AddCommand, CliContext } from '../context.js';
import { portOption } from '../options/options.js';
import { addOutFlag } from '../options/run-flags.js';
import { startLiveUi } from '../ui/live-ui.js';

interface Flags {
  readonly port: number;
  readonly out: string;
}

const examples = `
Examples:
  $ plateau ui                        what goes on now, and runs, nights, comparisons and history in .plateau
  $ plateau ui --port 8123 --out soak
  $ plateau run ./driver.mjs --ui     the same beside a run`;

export const addUiCommand: AddCommand = (program, act) => {
  const command = program
    .command('ui')
    .description('a live page on 127.0.0.1: what goes on now, runs, nights, comparisons, history')
    .option('--port <port>', 'of 127.0.0.1; 0 takes any', portOption('--port', 8123), 0);
  addOutFlag(command).addHelpText('after', examples).action(act(ui));
};

async function ui(context: CliContext, { port, out }: Flags): Promise<number> {
  return context.interruptible(async (signal) => {
    const page = await startLiveUi(out, port);
    context.output.report.write(`${page.server.url}\n`);
    context.output.notes.write('Ctrl-C ends it. Who has the address can read the runs.\n');
    if (!signal.aborted) await once(signal, 'abort');
    page.close();
    return 0;
  });
}
