import { setTimeout as wait } from 'node:timers/promises';
import { ServiceError } from '../../../service/service-error.js';
import { type LockCounts, Mutex } from './mutex.js';

interface Account {
  readonly number: number;
  readonly lock: Mutex;
  balance: number;
}

export interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

export interface AccountsParts {
  readonly count: number;
  /** Locks are taken in the order of the transfer instead of that of the accounts. */
  readonly takesLocksAsTheyCome: boolean;
}

const initialBalance = 1_000;
/** How long it takes to hear that an account may be touched. */
const checkMs = 1;

/** Quotas of the environments; a transfer needs the locks of both sides at once. */
export class Accounts {
  readonly counts: LockCounts = { held: 0, waiting: 0 };
  readonly #accounts: readonly Account[];
  readonly #takesLocksAsTheyCome: boolean;

  constructor({ count, takesLocksAsTheyCome }: AccountsParts) {
    this.#takesLocksAsTheyCome = takesLocksAsTheyCome;
    this.#accounts = Array.from({ length: count }, (_, number) => ({
      number,
      lock: new Mutex(this.counts),
      balance: initialBalance,
    }));
  }

  /** @throws {ServiceError} 422 when the account is short; nothing has moved, and no lock is held */
  async transfer({ from, to, amount }: Transfer): Promise<{ total: number }> {
    const [giving, taking] = [this.#find(from), this.#find(to)];
    const [first, second] =
      this.#takesLocksAsTheyCome || giving.number < taking.number ? [giving, taking] : [taking, giving];
    using _first = await first.lock.acquire();
    await wait(checkMs);
    using _second = await second.lock.acquire();
    if (giving.balance < amount) throw new ServiceError(422, `account ${from}: short of ${amount}`);
    giving.balance -= amount;
    taking.balance += amount;
    return { total: this.#accounts.reduce((sum, { balance }) => sum + balance, 0) };
  }

  #find(number: number): Account {
    const account = this.#accounts[number];
    if (account === undefined) throw new ServiceError(404, `account ${number}: none`);
    return account;
  }
}
