import type { NightRecord } from '../../harness/model/night.js';
import { nightHeadline } from './news-text.js';

/**
 * What is posted to a webhook. `text` is what Slack, Mattermost and the like show; everything else is for scripts.
 * Reasons and paths are in it, the environment's variables and the samples are not.
 */
export function nightMessage(night: NightRecord): Record<string, unknown> {
  const { id, startedAt, endedAt, verdict, exitCode, reason, shard, spentMs, environment } = night;
  return {
    schemaVersion: 1,
    kind: 'plateau.night',
    text: nightHeadline(night),
    night: {
      id,
      startedAt,
      endedAt,
      spentMs,
      verdict,
      exitCode,
      reason,
      ...(shard !== undefined && { shard }),
      ...(environment.gitCommit !== undefined && { gitCommit: environment.gitCommit }),
    },
    news: night.news,
    entries: night.entries,
  };
}
