import { defineScenario, operation, type ScenarioTarget } from '../../harness/index.js';
import { registerHandler, unregisterHandler } from './handler-cycle.js';
import { kernelGaugeKinds, kernelGauges, kernelTarget } from './kernel-target.js';
import { learnSchemas, registerTool, removeTool } from './tool-cycle.js';

/** Schemas 0 ... 99 are in daily use; with 900 that nobody asks for any more they fill the cache; then come new ones. */
const hotSchemas = 100;
const knownSchemas = 1_000;
/** Several runs may be soaked by one process. */
const hotCompilations = new WeakMap<ScenarioTarget, number>();

export default defineScenario({
  name: 'schema-kernel/mixed',
  summary: 'a day of the kernel: tools in daily use, new tools, handlers (a real day: --duration 24h)',
  target: kernelTarget,
  async setup({ target }) {
    await learnSchemas(target, 0, knownSchemas);
    await learnSchemas(target, 0, hotSchemas);
    hotCompilations.set(target, 0);
  },
  operations: {
    hotTool: operation({
      weight: 4,
      async create(context) {
        const { target, input } = context;
        const tool = await registerTool(target, input);
        if (tool.compiled) hotCompilations.set(target, (hotCompilations.get(target) ?? 0) + 1);
        return tool;
      },
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
    newTool: operation({
      create: (context) => registerTool(context.target, knownSchemas + context.cycle),
      destroy: (tool, { target }) => removeTool(tool, target),
    }),
    handler: operation({ create: (context) => registerHandler(context, context.cycle), destroy: unregisterHandler }),
  },
  universe: hotSchemas,
  concurrency: 8,
  gauges: async (context) => ({
    ...(await kernelGauges(context)),
    hotCompilations: hotCompilations.get(context.target) ?? 0,
  }),
  // What is in daily use is never pushed out.
  gaugeKinds: {
    ...kernelGaugeKinds,
    hotCompilations: { kind: 'bounded', bound: 0 },
    handlers: { kind: 'level' },
  },
  defects: {
    'evict-arbitrary': {
      summary: 'a hit does not count as a use, so new schemas push out those in daily use',
      expect: { verdict: 'leak', metric: 'gauge.hotCompilations' },
    },
    'documents-per-miss': {
      summary: 'a cache miss keeps its parsed schema: once for each new tool',
      expect: { verdict: 'leak', metric: 'gauge.keptDocuments', shape: 'linear', perCycle: 1 },
    },
    'unregister-noop': {
      summary: 'the registry only grows',
      expect: { verdict: 'leak', metric: 'gauge.handlers', shape: 'linear', perCycle: 1 },
    },
  },
});
