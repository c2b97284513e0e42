import { defineScenario, operation } from '../../harness/index.js';
import { rustService } from '../rust/rust-service.js';
import { registerHandler, unregisterHandler } from './handler-cycle.js';

export default defineScenario({
  name: 'schema-kernel/rust-handlers',
  summary: 'the kernel in Rust: a handler for a tag of its own is registered, sent a message, and unregistered',
  target: rustService('schema-kernel'),
  operations: {
    handler: operation({ create: (context) => registerHandler(context, context.input), destroy: unregisterHandler }),
  },
  universe: 'fresh',
  concurrency: 8,
  defects: {
    'unregister-noop': {
      summary: 'the static registry only grows: a tag, a closure, and what the closure keeps, which is two blocks',
      audit: ['003-03'],
      expect: { verdict: 'leak', metric: 'allocations', shape: 'linear', perCycle: 4 },
    },
  },
});
