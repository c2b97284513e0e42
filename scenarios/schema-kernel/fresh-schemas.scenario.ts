import { defineScenario, operation } from '../../harness/index.js';
import { kernelGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';
import { registerTool, removeTool } from './tool-cycle.js';

export default defineScenario({
  name: 'schema-kernel/fresh-schemas',
  summary: 'a tool with a schema never seen before: register, call, remove (10,000: --cycles 250 --rounds 40)',
  target: kernelTarget,
  operations: {
    tool: operation({ create: (context) => registerTool(context, context.input), destroy: removeTool }),
  },
  universe: 'fresh',
  concurrency: 8,
  gauges: kernelGauges,
  gaugeKinds: kernelGaugeKinds,
  defects: {
    'documents-per-miss': {
      summary: 'a cache miss keeps its parsed schema for ever',
      audit: ['003-02'],
      expect: { verdict: 'leak', metric: 'gauge.keptDocuments', shape: 'linear', perCycle: 1 },
    },
    'remove-schema': {
      summary: 'one compiler for all schemas: removeSchema leaves names and values in its scope',
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear' },
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
