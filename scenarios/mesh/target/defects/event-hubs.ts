import type { MessagePort } from 'node:worker_threads';
import { EventHub } from '../events/event-hub.js';
import { EventStream } from '../events/event-stream.js';
import type { ReceiverGone } from '../events/receiver-gone.js';

/** Relies on notices alone: a port that closes says nothing to it. */
export class UnsweptEventHub extends EventHub {
  protected override portClosed(_receiver: number): void {}
}

/** A notice for an actor that has ended in between is lost. */
export class RacingEventHub extends UnsweptEventHub {
  protected override undelivered(_notice: ReceiverGone): void {}
}

/** Streams that say goodbye through a port they have just closed: no error, and nobody hears it. */
export class UnheardEventHub extends UnsweptEventHub {
  protected override createStream(receiver: number, port: MessagePort): EventStream {
    return new UnheardStream(receiver, port, this);
  }
}

class UnheardStream extends EventStream {
  override drop(): void {
    this.port.close();
    this.port.postMessage({ receiver: this.receiver } satisfies ReceiverGone);
  }
}
