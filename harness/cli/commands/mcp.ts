import { resolve } from 'node:path';
import type { AddCommand, CliContext } from '../context.js';
import { serveMcp } from '../mcp/server.js';
import { addOutFlag } from '../options/run-flags.js';

const examples = `
Tools: list, run, explain, compare, ab. Each answer is JSON of at most 1.4 KB, without anything that a heap held.

Examples:
  $ npm install --save-dev @modelcontextprotocol/sdk
  $ claude mcp add plateau -- npx plateau mcp`;

export const addMcpCommand: AddCommand = (program, act) => {
  const command = program
    .command('mcp')
    .description('the same answers for agents: the Model Context Protocol over stdin and stdout');
  addOutFlag(command).addHelpText('after', examples).action(act(mcp));
};

async function mcp(context: CliContext, { out }: { readonly out: string }): Promise<number> {
  const { directory } = context;
  return context.interruptible(async (signal) => {
    await serveMcp({ directory, outDirectory: resolve(directory, out) }, signal);
    return 0;
  });
}
