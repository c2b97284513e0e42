import { createHash } from 'node:crypto';
import { BoundedQueue } from '../actors/bounded-queue.js';
import type { Tasks } from '../actors/tasks.js';

interface TopicStream {
  readonly topic: string;
  readonly topicId: string;
  readonly queue: BoundedQueue<string>;
}

export interface TopicStreamsParts {
  /** What carries events from a stream's queue to its subscriber. */
  readonly forwarders: Tasks;
  readonly nextStreamId: () => number;
}

const queueCapacity = 32;

/** Who listens to which topic. The node is joined to a topic's gossip as long as anybody does. */
export class TopicStreams {
  readonly #subscribed = new Map<number, TopicStream>();
  readonly #byTopic = new Map<string, Set<number>>();
  readonly #byTopicId = new Map<string, Set<number>>();
  protected readonly joined = new Set<string>();
  readonly #parts: TopicStreamsParts;

  constructor(parts: TopicStreamsParts) {
    this.#parts = parts;
  }

  get streams(): number {
    return this.#subscribed.size;
  }

  get topics(): number {
    return this.#byTopic.size;
  }

  get joinedTopics(): number {
    return this.joined.size;
  }

  /** Elements, not keys: with a fixed set of topics only these grow. */
  get streamsByTopic(): number {
    return sizeOfAll(this.#byTopic);
  }

  get streamsByTopicId(): number {
    return sizeOfAll(this.#byTopicId);
  }

  subscribe(topic: string, deliver: (text: string) => void): number {
    const id = this.#parts.nextStreamId();
    const queue = new BoundedQueue<string>(queueCapacity);
    const topicId = topicIdOf(topic);
    this.#subscribed.set(id, { topic, topicId, queue });
    addTo(this.#byTopic, topic, id);
    addTo(this.#byTopicId, topicId, id);
    this.joined.add(topic);
    this.#parts.forwarders.spawn(async () => {
      for await (const text of queue) deliver(text);
    });
    return id;
  }

  unsubscribe(id: number): void {
    const stream = this.#subscribed.get(id);
    if (stream === undefined) return;
    stream.queue.close();
    this.#subscribed.delete(id);
    removeFrom(this.#byTopicId, stream.topicId, id);
    removeFrom(this.#byTopic, stream.topic, id);
    this.left(stream.topic, this.#byTopic.get(stream.topic)?.size ?? 0);
  }

  /** @returns how many streams it went to; a full one loses it */
  publish(topic: string, text: string): number {
    if (!this.joined.has(topic)) return 0;
    let reached = 0;
    for (const id of this.#byTopic.get(topic) ?? []) {
      if (this.#subscribed.get(id)?.queue.trySend(text) === 'sent') reached += 1;
    }
    return reached;
  }

  /** Ends the queues, so that the forwarders can. */
  close(): void {
    for (const { queue } of this.#subscribed.values()) queue.close();
  }

  /** A stream of the topic is gone; `others` are still there. */
  protected left(topic: string, others: number): void {
    if (others === 0) this.joined.delete(topic);
  }
}

function topicIdOf(topic: string): string {
  return createHash('sha256').update(topic).digest('base64url');
}

function addTo(sets: Map<string, Set<number>>, key: string, id: number): void {
  const ids = sets.get(key) ?? new Set<number>();
  sets.set(key, ids);
  ids.add(id);
}

function removeFrom(sets: Map<string, Set<number>>, key: string, id: number): void {
  const ids = sets.get(key);
  ids?.delete(id);
  if (ids?.size === 0) sets.delete(key);
}

function sizeOfAll(sets: ReadonlyMap<string, ReadonlySet<number>>): number {
  let size = 0;
  for (const ids of sets.values()) size += ids.size;
  return size;
}
