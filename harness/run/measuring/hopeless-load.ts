import { failuresAtStartMax } from '../../drive/cycle-loop.js';
import { PlateauError } from '../../model/errors.js';
import type { FailureCount } from '../../model/run-record.js';

/** What was driven so far. */
export interface Driven {
  readonly cycles: number;
  /** Created and destroyed again. */
  readonly succeeded: number;
  /** Without settling. */
  readonly driveMs: number;
  /** Most frequent first. */
  readonly failures: readonly FailureCount[];
}

/** Calls that time out fail slowly: after so long without any success, fewer of them show why. */
const slowFailuresMsMax = 20_000;

/** Kinds of failure for which the target is at fault: it does not take the connection, or fails to answer. */
const targetFault = /^(TIMEOUT|CLOSED|E[A-Z]+|ERR_SSL_\w+|UND_ERR_\w+|HPE_\w+|HTTP 5\d\d|HTTPParserError|SocketError)$/;
/** What a client for HTTP/1.1 reports of a server that speaks something else. */
const otherProtocol = /^(CLOSED|UND_ERR_SOCKET|HPE_\w+|HTTPParserError|SocketError|EPROTO|ECONNRESET)$/;

/**
 * The error of a load of which nothing succeeds: driving on would only repeat it.
 * @returns undefined once some cycle has succeeded, and while too few have failed in too short a time
 */
export function hopelessLoad(
  { cycles, succeeded, driveMs, failures }: Driven,
  lastLines: readonly string[],
): PlateauError | undefined {
  const [worst, ...others] = failures;
  if (succeeded > 0 || worst === undefined) return undefined;
  if (cycles < failuresAtStartMax && driveMs < slowFailuresMsMax) return undefined;
  const { operation, phase, kind, count, message } = worst;
  const isOfTarget = targetFault.test(kind);
  const more =
    others.length === 0 ? '' : ` (and ${others.length} other ${others.length === 1 ? 'kind' : 'kinds'} of failure)`;
  return new PlateauError(
    isOfTarget ? 'PLATEAU_LOAD_FAILED' : 'PLATEAU_INVALID_SCENARIO',
    `none of the first ${cycles} cycles succeeded: ${count} times, ${phase} of ${operation} failed with ${failureText(kind, message)}${more}`,
    { hint: hintFor(worst), lastLines },
  );
}

function failureText(kind: string, message: string): string {
  if (kind === 'UND_ERR_SOCKET' || kind === 'CLOSED') return 'a connection that was closed before the answer';
  if (kind.startsWith('HPE_') || kind === 'HTTPParserError') return `an answer that is no HTTP: ${message}`;
  return kind === 'Error' || kind.startsWith('PLATEAU_') || message.includes(kind) ? message : `${kind}: ${message}`;
}

function hintFor({ kind, phase }: FailureCount): string {
  if (otherProtocol.test(kind))
    return 'check what the target speaks: `target.http` speaks HTTP; use a client of your own for a database or another protocol';
  if (kind === 'ECONNREFUSED') return 'check that the service listens at the address of `target`';
  if (/CERT|SELF_SIGNED/.test(kind)) return 'run with NODE_EXTRA_CA_CERTS=<file> to trust the certificate';
  if (kind.includes('SSL')) return 'check whether the target speaks plain HTTP: its address then begins with http://';
  if (kind.startsWith('HTTP 5')) return 'see what the target printed, and try one request by hand';
  if (kind === 'TIMEOUT')
    return 'try one request by hand; `plateau http` waits longer with --timeout, and what has no end, as server-sent events, is opened in a scenario with `target.http.events` or `stream`';
  if (kind === 'HTTP 401' || kind === 'HTTP 403')
    return 'send what the service asks for: `headers` of the request, --header or --cookie of `plateau http`';
  if (kind === 'HTTP 429') return 'the target limits how often it is asked: drive it more slowly with --rate';
  if (kind.startsWith('HTTP '))
    return `correct the request in \`${phase}\`; a status that is meant can be accepted: \`accept: [${kind.slice(5)}]\`, in a request as data \`expectStatus\`, and --expect-status of \`plateau http\``;
  return `correct what \`${phase}\` calls: it failed in each cycle`;
}
