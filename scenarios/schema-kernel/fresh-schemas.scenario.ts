import { defineScenario, operation } from '../../harness/index.js';
import { freshGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';
import { registerTool, removeTool } from './tool-cycle.js';

/** Schemas in a cache of 1,000 when the run begins, so that it sees the last of the fill and then the rest. */
const seenBefore = 900;
const batch = 50;

export default defineScenario({
  name: 'schema-kernel/fresh-schemas',
  summary: 'a tool with a schema never seen before: register, call, remove (10,000: --cycles 250 --rounds 40)',
  target: kernelTarget,
  async setup({ target }) {
    for (let first = 0; first < seenBefore; first += batch) {
      const tools = Array.from({ length: batch }, (_, index) => registerTool(target, first + index));
      await Promise.all(tools.map(async (tool) => removeTool(await tool, target)));
    }
  },
  operations: {
    tool: operation({
      create: ({ target, input }) => registerTool(target, seenBefore + input),
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
  },
  universe: 'fresh',
  concurrency: 8,
  gauges: kernelGauges,
  gaugeKinds: freshGaugeKinds,
  defects: {
    'documents-per-miss': {
      summary: 'a cache miss keeps its parsed schema for ever',
      audit: ['003-02'],
      expect: { verdict: 'leak', metric: 'gauge.keptDocuments', shape: 'linear', perCycle: 1 },
    },
    'remove-schema': {
      summary: 'one compiler for all schemas: removeSchema leaves names and values in its scope',
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear', perCycle: 6_600 },
    },
    'unbounded-cache': {
      summary: 'a cache without eviction, for schemas without end',
      audit: ['003-04'],
      expect: { verdict: 'leak', metric: 'gauge.cachedSchemas', shape: 'linear', perCycle: 1 },
    },
    'evict-deadlock': {
      summary: 'eviction takes a lock that its caller holds: nothing is answered once the cache is full',
      expect: { verdict: 'stalled' },
    },
    'compiler-per-call': {
      summary: 'a compiler and a metaschema for each call: sound, and several times slower',
      expect: { verdict: 'plateau' },
    },
  },
  sound: ['003-07'],
});
