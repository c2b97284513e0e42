import type { WebhookConfiguration } from '../model/configuration.js';
import type { Clock } from '../platform/clock.js';

export interface WebhookPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly tries: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Why a message did not arrive. Never holds the path of the address, its query, or a header: secrets are in them. */
export interface Undelivered {
  readonly reason: string;
  readonly tries: number;
}

const firstPauseMs = 500;
const pauseMsMax = 60_000;
const answerMs = 10_000;

/**
 * Posts JSON, again with growing pauses where trying again can help: no answer, 408, 425, 429 and 5xx.
 * @returns `undefined` once it was taken
 */
export async function postWebhook(post: WebhookPost): Promise<Undelivered | undefined> {
  let pauseMs = firstPauseMs;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await postOnce(post);
    if (answer.state === 'taken') return undefined;
    const last = attempt >= post.tries || answer.state === 'refused' || post.signal?.aborted === true;
    if (last) return { reason: answer.reason, tries: attempt };
    await post.clock.wait(Math.min(pauseMsMax, Math.max(pauseMs, answer.afterMs ?? 0)), post.signal);
    pauseMs *= 2;
  }
}

type Answer =
  | { readonly state: 'taken' }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'later'; readonly reason: string; readonly afterMs?: number };

async function postOnce({ url, headers, body, signal }: WebhookPost): Promise<Answer> {
  const timeout = AbortSignal.timeout(answerMs);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'plateau', ...headers },
      body,
      // An address that was checked must not send secrets on to one that was not.
      redirect: 'error',
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
    await response.body?.cancel();
    const reason = `${url.host} answered ${response.status}`;
    if (response.ok) return { state: 'taken' };
    if (![408, 425, 429].includes(response.status) && response.status < 500) return { state: 'refused', reason };
    const afterMs = Number(response.headers.get('retry-after')) * 1000;
    return { state: 'later', reason, ...(afterMs > 0 && { afterMs }) };
  } catch (error) {
    return { state: 'later', reason: `${url.host}: ${causeOf(error)}` };
  }
}

/** The code alone: the message of `fetch` may hold the whole address. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  const { code } = (error.cause ?? error) as NodeJS.ErrnoException;
  if (error.name === 'TimeoutError') return `no answer within ${answerMs / 1000} s`;
  return typeof code === 'string' ? code : error.name;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Address and headers with what the environment holds.
 * @returns why it cannot be posted, naming the variable and never its value
 */
export function webhookTarget(
  { webhook, headers = {} }: WebhookConfiguration,
  environment: Environment,
): { readonly url: URL; readonly headers: Record<string, string> } | { readonly problem: string } {
  const missing: string[] = [];
  const textOf = (secret: WebhookConfiguration['webhook']): string => {
    if (typeof secret === 'string') return secret;
    const value = environment[secret.env] ?? '';
    if (value === '') missing.push(secret.env);
    return value.trim();
  };
  const address = textOf(webhook);
  const values = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, textOf(value)]));
  if (missing.length > 0) return { problem: `the environment variable ${missing.join(', ')} is not set` };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    const from = typeof webhook === 'string' ? 'the configuration' : `the environment variable ${webhook.env}`;
    return { problem: `${from} holds no http or https address` };
  }
  return { url, headers: values };
}
