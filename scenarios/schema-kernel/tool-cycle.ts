import type { HttpRequestOptions, ScenarioTarget } from '../../harness/index.js';

/** Longer than plateau waits for any cycle to end, so that a kernel that answers nobody is a stall, not many failures. */
const patience: HttpRequestOptions = { timeoutMs: 30_000 };

export interface RegisteredTool {
  readonly id: number;
  /** Its schema was not at hand. */
  readonly compiled: boolean;
}

/** Registers a tool whose schema is the one of that number, and calls it. */
export async function registerTool({ http }: ScenarioTarget, number: number): Promise<RegisteredTool> {
  const manifest = { name: `tool-${number}`, schema: JSON.stringify(toolSchema(number)) };
  const tool = (await http.post('/tools', manifest, patience)).json<RegisteredTool>();
  const call = { version: versionOf(number), name: 'call' };
  const outcome = await http.post(`/tools/${tool.id}/calls`, call, patience);
  if (!outcome.json<{ valid: boolean }>().valid) throw new Error(`tool ${number}: a valid call was refused`);
  return tool;
}

export async function removeTool({ id }: RegisteredTool, { http }: ScenarioTarget): Promise<void> {
  await http.delete(`/tools/${id}`);
}

const batch = 50;

/** Shows the kernel so many schemas from the number `first` on; none of their tools stays. */
export async function learnSchemas(target: ScenarioTarget, first: number, count: number): Promise<void> {
  for (let learned = 0; learned < count; learned += batch) {
    const tools = Array.from({ length: batch }, (_, index) => registerTool(target, first + learned + index));
    await Promise.all(tools.map(async (tool) => removeTool(await tool, target)));
  }
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
