import { type CycleContext, operation } from '../../harness/index.js';

/** Watches a dependency until its first check has an outcome. */
export function watchOperation(urlOf: (context: CycleContext) => string) {
  return operation({
    async create(context) {
      const { http } = context.target;
      const { id } = (await http.post('/dependencies', { url: urlOf(context) })).json<{ id: number }>();
      await http.get(`/dependencies/${id}`);
      return id;
    },
    async destroy(id, { target }) {
      await target.http.delete(`/dependencies/${id}`);
    },
  });
}
