import type { CycleContext } from '../../harness/index.js';

export interface RegisteredTool {
  readonly id: number;
  /** Its schema was not at hand. */
  readonly compiled: boolean;
}

/** Registers a tool whose schema is the one of that number, and calls it. */
export async function registerTool({ target }: CycleContext, number: number): Promise<RegisteredTool> {
  const manifest = { name: `tool-${number}`, schema: JSON.stringify(toolSchema(number)) };
  const tool = (await target.http.post('/tools', manifest)).json<RegisteredTool>();
  const outcome = await target.http.post(`/tools/${tool.id}/calls`, { version: versionOf(number), name: 'call' });
  if (!outcome.json<{ valid: boolean }>().valid) throw new Error(`tool ${number}: a valid call was refused`);
  return tool;
}

export async function removeTool({ id }: RegisteredTool, { target }: CycleContext): Promise<void> {
  await target.http.delete(`/tools/${id}`);
}

/** The same length whatever the number, so that all schemas weigh the same. */
function versionOf(number: number): number {
  return 1_000_000 + number;
}

function toolSchema(number: number): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {
      version: { const: versionOf(number) },
      name: { type: 'string', minLength: 1 },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['version', 'name'],
    additionalProperties: false,
  };
}
