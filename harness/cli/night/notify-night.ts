import { nightMessage } from '../../../reporters/index.js';
import type { WebhookConfiguration } from '../../model/configuration.js';
import type { NightRecord } from '../../model/night.js';
import { createRedactor, redacted } from '../../model/redact.js';
import { postWebhook, webhookTarget } from '../../notify/webhook.js';
import { systemClock } from '../../platform/clock.js';
import type { OpenNight } from '../../run/nightly/open-night.js';
import type { CliContext } from '../context.js';

const usualTries = 5;

/**
 * Posts a night to every webhook that wants it, and to each once even when the night was taken up again in between.
 * One that does not answer is no reason to lose the night: it is said on stderr.
 */
export async function notifyOf(
  record: NightRecord,
  night: OpenNight,
  webhooks: readonly WebhookConfiguration[],
  { environment, output }: CliContext,
  signal: AbortSignal,
): Promise<void> {
  const isNews = record.verdict === 'void' || record.news.some(({ reported }) => reported);
  const body = JSON.stringify(redacted(nightMessage(record), createRedactor(environment)));
  for (const [target, webhook] of webhooks.entries()) {
    if (!isNews && webhook.when !== 'always') continue;
    if (night.events.some((event) => event.event === 'notified' && event.target === target)) continue;
    const where = webhookTarget(webhook, environment);
    if ('problem' in where) {
      output.notes.write(`Nobody was notified through notifications.${target}: ${where.problem}\n`);
      continue;
    }
    const tries = webhook.tries ?? usualTries;
    const failure = await postWebhook({ ...where, body, tries, clock: systemClock, signal });
    if (failure === undefined) night.record({ event: 'notified', target });
    else
      output.notes.write(
        `Nobody was notified through notifications.${target}: ${failure.reason}, after ${failure.tries === 1 ? 'one try' : `${failure.tries} tries`}\n`,
      );
  }
}
