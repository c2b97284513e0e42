import { asObject, parseName, parseWrites } from '../parse-writes.js';
import { type Exchange, type Handler, Reply } from './exchange.js';

const idOf = ({ parameters }: Exchange): number => Number(parameters.id);

/** Transactions that span several requests. */
export const transactionRoutes: Readonly<Record<string, Handler>> = {
  'GET /transactions': ({ database }) => ({ transactions: database.openTransactions.list() }),
  'POST /transactions': async ({ database, body }) => {
    const { branch, client = 'anonymous' } = asObject(await body());
    return new Reply(201, { id: database.openTransactions.begin(parseName(branch), parseName(client)) });
  },
  'GET /transactions/:id/keys/:family/:key': (exchange) => {
    const context = exchange.database.openTransactions.get(idOf(exchange));
    const { family, key } = exchange.parameters;
    return { value: exchange.database.transactions.read(context, `${family}/${key}`) ?? null };
  },
  'POST /transactions/:id/writes': async (exchange) => {
    const requested = parseWrites(await exchange.body());
    const context = exchange.database.openTransactions.get(idOf(exchange));
    for (const { write, mode } of requested) exchange.database.transactions.stage(context, write, mode);
  },
  'POST /transactions/:id/commit': async (exchange) => ({
    version: await exchange.database.openTransactions.commit(idOf(exchange)),
  }),
  'DELETE /transactions/:id': (exchange) => exchange.database.openTransactions.abort(idOf(exchange)),
};
