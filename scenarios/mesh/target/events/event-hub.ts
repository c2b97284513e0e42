import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { BoundedQueue } from '../actors/bounded-queue.js';
import type { Tasks } from '../actors/tasks.js';
import { EventStream } from './event-stream.js';
import type { ReceiverGone } from './receiver-gone.js';

export interface EventHubParts {
  /** Notices that found the inbox full and wait for a place. */
  readonly retries: Tasks;
  /** Called before a receiver is let go of. */
  readonly flush?: () => Promise<void>;
}

type Inbox = BoundedQueue<ReceiverGone>;

const inboxCapacity = 4;

/** An actor that hands events to receivers, which may live in other threads; its inbox shows it when one has gone. */
export class EventHub {
  readonly #ports = new Map<number, MessagePort>();
  readonly #parts: EventHubParts;
  #inbox: Inbox = new BoundedQueue(inboxCapacity);
  #running: Promise<void>;
  #nextReceiver = 1;

  constructor(parts: EventHubParts) {
    this.#parts = parts;
    this.#running = this.#run(this.#inbox);
  }

  get receivers(): number {
    return this.#ports.size;
  }

  subscribe(): EventStream {
    const { port1, port2 } = new MessageChannel();
    const receiver = this.#nextReceiver++;
    this.#ports.set(receiver, port1);
    port1.on('message', (notice: ReceiverGone) => this.notify(notice));
    port1.on('close', () => this.portClosed(receiver));
    port1.unref();
    return this.createStream(receiver, port2);
  }

  /** @returns how many receivers it was sent to */
  publish(text: string): number {
    for (const port of this.#ports.values()) port.postMessage(text);
    return this.#ports.size;
  }

  /** Never waits: a notice that finds the inbox full is sent by a task. */
  notify(notice: ReceiverGone): void {
    const inbox = this.#inbox;
    const outcome = inbox.trySend(notice);
    if (outcome === 'closed') this.undelivered(notice);
    if (outcome !== 'full') return;
    this.#parts.retries.spawn(async () => {
      if ((await inbox.send(notice)) === 'closed') this.undelivered(notice);
    });
  }

  /** Ends the actor; the one that takes over has the same receivers and an inbox of its own. */
  restart(): void {
    this.#inbox.close();
    this.#inbox = new BoundedQueue(inboxCapacity);
    this.#running = Promise.all([this.#running, this.#run(this.#inbox)]).then(() => undefined);
  }

  async close(): Promise<void> {
    this.#inbox.close();
    await this.#running;
    for (const receiver of [...this.#ports.keys()]) this.#remove(receiver);
  }

  protected createStream(receiver: number, port: MessagePort): EventStream {
    return new EventStream(receiver, port, this);
  }

  /** The actor that the notice was for has ended. */
  protected undelivered({ receiver }: ReceiverGone): void {
    this.#remove(receiver);
  }

  /** The other side is gone, whether or not it has said so. */
  protected portClosed(receiver: number): void {
    this.#remove(receiver);
  }

  async #run(inbox: Inbox): Promise<void> {
    for await (const { receiver } of inbox) {
      await this.#parts.flush?.();
      this.#remove(receiver);
    }
  }

  #remove(receiver: number): void {
    this.#ports.get(receiver)?.close();
    this.#ports.delete(receiver);
  }
}
