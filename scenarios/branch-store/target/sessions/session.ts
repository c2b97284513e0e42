import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { badRequest } from '../client-errors.js';
import type { Database } from '../database/database.js';
import { planted } from '../defects.js';
import { parseWrite } from '../parse-writes.js';
import { parseStoreKey } from '../store/write.js';
import type { TransactionContext } from '../transactions/transaction-context.js';

/**
 * One client on a connection of its own, a command a line, an answer a line (`OK ...` or `ERR ...`):
 * `BEGIN <branch>`, `GET <family>/<key>`, `PUT <family>/<key> <JSON>`, `COMMIT`, `ABORT`.
 */
export class Session {
  readonly #database: Database;
  readonly #socket: Socket;
  #context: TransactionContext | undefined;
  /** The command under way; the next one waits for it. */
  #busy: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(database: Database, socket: Socket, onClosed: () => void) {
    this.#database = database;
    this.#socket = socket;
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => {
      this.#busy = this.#busy.then(() => this.#answer(line));
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      lines.close();
      this.#isClosed = true;
      this.#abortOrphan();
      onClosed();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  async #answer(line: string): Promise<void> {
    if (this.#isClosed) return;
    let answer: string;
    try {
      answer = `OK ${await this.#execute(line)}`;
    } catch (error) {
      answer = `ERR ${error instanceof Error ? error.message : String(error)}`;
    }
    if (this.#socket.writable) this.#socket.write(`${answer}\n`);
  }

  async #execute(line: string): Promise<string> {
    const [command = '', argument = ''] = line.split(' ', 2);
    const { transactions } = this.#database;
    if (command === 'BEGIN') {
      if (this.#context !== undefined) throw badRequest('a transaction is open');
      this.#context = transactions.begin(argument, 'session');
      return String(this.#context.id);
    }
    const context = this.#context;
    if (context === undefined) throw badRequest('no transaction is open');
    switch (command) {
      case 'GET':
        return JSON.stringify(transactions.read(context, argument) ?? null);
      case 'PUT': {
        const value: unknown = JSON.parse(line.slice(command.length + argument.length + 2));
        const { write, mode } = parseWrite({ ...parseStoreKey(argument), value });
        transactions.stage(context, write, mode);
        return '';
      }
      case 'COMMIT':
        this.#context = undefined;
        return String(await transactions.commit(context));
      case 'ABORT':
        this.#context = undefined;
        transactions.abort(context);
        return '';
      default:
        throw badRequest(`unknown command "${command}"`);
    }
  }

  /** A client that goes in mid-transaction takes its transaction with it. */
  #abortOrphan(): void {
    const context = this.#context;
    this.#context = undefined;
    if (context !== undefined && !planted('session-orphans')) this.#database.transactions.abort(context);
  }
}
