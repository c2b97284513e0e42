import { planted } from '../defects.js';
import type { Expiry, ExpiryIndex } from './expiry-index.js';

/** Due entries that wait for company, so that a burst is swept at once. */
const graceMs = 20;
/** Node fires a timer that is longer at once. */
const timerMsMax = 2 ** 31 - 1;

/** Removes keys when their time has come; one timer, armed only while something can expire. */
export class ExpirySweeper {
  readonly #index: ExpiryIndex;
  readonly #expire: (expiry: Expiry) => void;
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(index: ExpiryIndex, expire: (expiry: Expiry) => void) {
    this.#index = index;
    this.#expire = expire;
  }

  /** Call after an entry was added. */
  wake(): void {
    const { soonest } = this.#index;
    if (soonest === undefined || soonest.expiresAt + graceMs >= this.#wakesAt || planted('ttl-not-swept')) return;
    this.stop();
    this.#wakesAt = soonest.expiresAt + graceMs;
    const waitMs = Math.min(Math.max(0, this.#wakesAt - Date.now()), timerMsMax);
    this.#timer = setTimeout(() => this.#sweep(), waitMs);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  #sweep(): void {
    this.stop();
    const now = Date.now();
    for (let due = this.#index.takeDue(now); due !== undefined; due = this.#index.takeDue(now)) this.#expire(due);
    this.wake();
  }
}
