import { type CycleContext, operation } from '../../harness/index.js';

export const rowsPerAnswer = 64;

/** A query never asked before, whose answer has 64 rows with a cell of `lengthOfCell` characters each. */
export function cellQuery(lengthOfCell: string) {
  return operation({
    async create({ target, cycle }: CycleContext) {
      const sql = `SELECT n, repeat('x', ${lengthOfCell}) AS note FROM range(${rowsPerAnswer}) AS rows(n) WHERE ${cycle} >= 0`;
      const { rows } = (await target.http.post('/queries', { sql })).json<{ rows: unknown[] }>();
      if (rows.length !== rowsPerAnswer) throw new Error(`expected ${rowsPerAnswer} rows, got ${rows.length}`);
    },
    destroy() {},
  });
}
