import type { RemoteInfo } from 'node:dgram';
import type { InitialPacket } from '../../protocol/packets.js';

/** What may become of a handshake. */
export type Verdict = 'accept' | 'refuse' | 'retry' | 'ignore';

/** A handshake that waits for a verdict, and holds a place of the slab until it has one. */
export class Incoming implements Disposable {
  readonly #decide: (verdict: Verdict) => void;
  readonly #abandon: () => void;
  #answered = false;

  /**
   * @param decide called once
   * @param abandon called when it is let go without a verdict
   */
  constructor(
    readonly initial: InitialPacket,
    readonly from: RemoteInfo,
    decide: (verdict: Verdict) => void,
    abandon: () => void,
  ) {
    this.#decide = decide;
    this.#abandon = abandon;
  }

  answer(verdict: Verdict): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#decide(verdict);
  }

  [Symbol.dispose](): void {
    if (!this.#answered) this.#abandon();
  }
}
