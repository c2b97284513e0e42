import type { Redis } from 'ioredis';
import { invalidOption, PlateauError } from '../model/errors.js';
import { createRedactor } from '../model/redact.js';
import { untilAborted } from '../platform/until-aborted.js';

/** A Redis answers within milliseconds; a machine that is starved gets some seconds. */
export const answerMsMax = 10_000;

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for what is no address of a Redis */
export function checkAddress(url: string): void {
  const { protocol = '', hostname = '', pathname = '' } = URL.canParse(url) ? new URL(url) : {};
  if (/^rediss?:$/.test(protocol) && hostname !== '' && /^(\/\d*)?$/.test(pathname)) return;
  const expected = 'redis:// or rediss:// with a host, and a number where it names a database';
  throw invalidOption(`--queue: expected ${expected}, got "${redacted(url)}".`, '--queue redis://127.0.0.1:6379');
}

/** One try, so that a wrong address is reported at once. @throws {PlateauError} `PLATEAU_QUEUE` */
export async function firstAnswer(redis: Redis, url: string): Promise<void> {
  // A call that fails does not say why; later failures are followed by another try, and calls wait until then.
  let reason: Error | undefined;
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    const silence = AbortSignal.timeout(answerMsMax);
    await untilAborted(
      redis.connect().then(() => redis.ping()),
      silence,
    );
    // A database that is not there is an error of its own: calls would go to another one.
    if (reason !== undefined) throw reason;
  } catch (cause) {
    redis.disconnect();
    const { name, message } = reason ?? (cause as Error);
    throw queueError(url, name === 'TimeoutError' ? `none for ${answerMsMax / 1000} s` : message, cause);
  }
}

/** What an error of Redis is to the user; `undefined` for any other. */
export function refusal(url: string, error: unknown): PlateauError | undefined {
  const { name, message } = error as Error;
  return name === 'ReplyError' ? queueError(url, message, error) : undefined;
}

export function queueError(url: string, got: string, cause?: unknown): PlateauError {
  // Redis adds advice on its protocol after the first clause.
  const [said = got] = got.split(/, |\.$/);
  return new PlateauError('PLATEAU_QUEUE', `Queue ${redacted(url)}: expected a Redis that answers, got ${said}.`, {
    hint: hintFor(got),
    cause,
  });
}

function hintFor(got: string): string {
  if (/^(NOAUTH|WRONGPASS)/.test(got)) return 'give its password in the address: redis://:<password>@<host>:<port>';
  if (/^NOPERM/.test(got)) return 'let this user of Redis call every command on every key';
  if (/certificate/.test(got)) return 'NODE_EXTRA_CA_CERTS=<file> names the authority of its certificate';
  if (/^ERR DB/.test(got)) return 'name a database that it has, or none';
  if (/^none for/.test(got)) return 'once it answers again, plateau nightly goes on';
  return 'start redis-server there, or correct the address';
}

function redacted(url: string): string {
  return createRedactor({})(url);
}
