import { defineScenario, operation, type ScenarioTarget } from '../../harness/index.js';
import { type FaultServer, faultKinds, startFaultServer } from './fault-server.js';
import { seriesGaugeKinds, seriesGauges, seriesTarget } from './series-target.js';

/** Several runs may be soaked by one process. */
const faultServers = new WeakMap<ScenarioTarget, FaultServer>();

export default defineScenario({
  name: 'series-api/dependencies',
  summary: 'dependencies that answer, reset the connection, cut the answer short or never answer: watch, forget',
  target: seriesTarget(),
  async setup({ target }) {
    faultServers.set(target, await startFaultServer());
  },
  teardown: ({ target }) => faultServers.get(target)?.close(),
  // What is made of the cycle's number is taken away again: nothing stays that is new for each cycle.
  universe: 256,
  operations: {
    watch: operation({
      async create({ target, cycle }) {
        const faults = faultServers.get(target)!;
        const kind = faultKinds[cycle % faultKinds.length]!;
        const seen = faults.seen(kind, cycle);
        const url = faults.url(kind, cycle);
        const { id } = (await target.http.post('/dependencies', { url })).json<{ id: number }>();
        await seen;
        if (kind !== 'stall') await target.http.get(`/dependencies/${id}`);
        return id;
      },
      async destroy(id, { target }) {
        await target.http.delete(`/dependencies/${id}`);
      },
    }),
  },
  concurrency: 8,
  gauges: seriesGauges,
  gaugeKinds: seriesGaugeKinds,
  defects: {
    'unbounded-probe': {
      summary: 'a probe has no time limit and cannot be stopped: a socket for each answer that never comes',
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 / faultKinds.length },
    },
  },
});
