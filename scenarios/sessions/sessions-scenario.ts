import { operation } from '../../harness/index.js';

/** Sessions that are created and destroyed over HTTP. */
export const sessionsScenario = {
  operations: {
    session: operation({
      create: async ({ target: { http } }) => (await http.post('/sessions')).text(),
      destroy: (id, { target: { http } }) => http.delete(`/sessions/${id}`),
    }),
  },
  concurrency: 4,
} as const;
