import type { MessagePort } from 'node:worker_threads';
import type { ReceiverGone } from './receiver-gone.js';

/** What a receiver of events holds. */
export class EventStream {
  /** Events that came through. */
  received = 0;

  constructor(
    protected readonly receiver: number,
    protected readonly port: MessagePort,
    private readonly hub: { notify(notice: ReceiverGone): void },
  ) {
    port.on('message', () => {
      this.received += 1;
    });
    port.unref();
  }

  drop(): void {
    this.hub.notify({ receiver: this.receiver });
    this.port.close();
  }
}
