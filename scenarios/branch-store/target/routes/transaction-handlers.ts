import type { RouteRequest } from '../../../service/route.js';
import { asObject, parseName, parseWrites } from '../parse-writes.js';
import type { DatabaseHandlers } from './database-handler.js';

const idOf = ({ parameters }: RouteRequest): number => Number(parameters.id);

/** Transactions that span several requests. */
export const transactionHandlers: DatabaseHandlers = {
  'GET /transactions': ({ openTransactions }) => ({ transactions: openTransactions.list() }),
  'POST /transactions': ({ openTransactions }, { body }) => {
    const { branch, client = 'anonymous' } = asObject(body);
    return { id: openTransactions.begin(parseName(branch), parseName(client)) };
  },
  'GET /transactions/:id/keys/:family/:key': ({ openTransactions, transactions }, request) => {
    const { family, key } = request.parameters;
    return { value: transactions.read(openTransactions.get(idOf(request)), `${family}/${key}`) ?? null };
  },
  'POST /transactions/:id/writes': ({ openTransactions, transactions }, request) => {
    const context = openTransactions.get(idOf(request));
    for (const { write, mode } of parseWrites(request.body)) transactions.stage(context, write, mode);
  },
  'POST /transactions/:id/commit': async ({ openTransactions }, request) => ({
    version: await openTransactions.commit(idOf(request)),
  }),
  'DELETE /transactions/:id': ({ openTransactions }, request) => openTransactions.abort(idOf(request)),
};
