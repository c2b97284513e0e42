import { defineScenario, operation } from '../../harness/index.js';
import { rustService } from '../rust/rust-service.js';
import { registerTool, removeTool } from './tool-cycle.js';

/** A parsed schema: its box, six maps, eleven names in them, seven texts, a list of two more, which are its elements. */
const documentBlocks = 29;

export default defineScenario({
  name: 'schema-kernel/rust-schemas',
  summary: 'the kernel in Rust: a tool with a schema never seen before is registered, called, and removed',
  target: rustService('schema-kernel'),
  operations: {
    tool: operation({
      create: ({ target, input }) => registerTool(target, input),
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
  },
  universe: 'fresh',
  concurrency: 8,
  defects: {
    'documents-per-call': {
      summary: 'no cache, and each validation leaks its parsed schema to have it for ever',
      audit: ['003-01'],
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: documentBlocks },
    },
    'documents-per-miss': {
      summary: 'each miss of the cache leaks its parsed schema',
      audit: ['003-02'],
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: documentBlocks },
    },
    'unbounded-cache': {
      summary: 'a cache without eviction, for schemas without end',
      audit: ['003-04'],
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear' },
    },
  },
});
