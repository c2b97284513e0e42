import { TopicStreams } from '../topics/topic-streams.js';

/** Leaves a topic with the first stream that goes, whoever still listens. */
export class EagerTopicStreams extends TopicStreams {
  protected override left(topic: string, _others: number): void {
    this.joined.delete(topic);
  }
}
