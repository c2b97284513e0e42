import { defineScenario, operation } from '../../harness/index.js';
import { rustService } from '../rust/rust-service.js';
import { registerTool, removeTool } from './tool-cycle.js';

export default defineScenario({
  name: 'schema-kernel/rust-known-schemas',
  summary: 'the kernel in Rust: a tool with one of 500 known schemas is registered, called, and removed',
  target: rustService('schema-kernel'),
  operations: {
    tool: operation({
      create: ({ target, input }) => registerTool(target, input),
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
  },
  universe: 500,
  concurrency: 8,
  defects: {
    'documents-per-miss': {
      summary: 'each miss of the cache leaks its parsed schema: known schemas miss once',
      expect: { verdict: 'plateau' },
    },
  },
});
