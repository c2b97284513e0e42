import type { EventEmitter } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { PlateauError } from '../model/errors.js';
import type { Readiness } from '../model/scenario.js';
import type { AgentConnection, TargetExit } from '../model/target.js';
import { systemClock } from '../platform/clock.js';
import { localAddresses } from '../platform/local-addresses.js';
import { closeOverDescendants, readProcessTable } from '../platform/process-tree.js';
import type { OutputLog } from './output-log.js';
import { connectionProblem, loopbackHosts } from './reachable.js';
import { endedError, startError } from './start-failure.js';

const defaultTimeoutMs = 30_000;
const pollMs = 20;

export interface StartingTarget {
  readonly name: string;
  readonly pid: number;
  /** Once it has spoken. */
  readonly agent: Promise<AgentConnection | undefined>;
  readonly output: OutputLog;
  /** Emits `message` where the target has an IPC channel. */
  readonly messages: EventEmitter;
  readonly exited: Promise<TargetExit>;
  readonly signal: AbortSignal;
  /** Port that it was given, where it was given one. */
  readonly port?: number | undefined;
  /** Takes what the user should know of it. */
  readonly warn: (message: string) => void;
}

/**
 * Waits until the target says that it is ready; returns its address where it reported one. To be called as soon as the target
 * is started: what it says is said once.
 * @throws {PlateauError} `PLATEAU_TARGET_START` when it ends or stays silent
 */
export async function untilReady(readiness: Readiness, target: StartingTarget): Promise<string | undefined> {
  const given = new AbortController();
  const timeoutMs = readiness.timeoutMs ?? defaultTimeoutMs;
  const failed = Promise.race([
    target.exited.then((exit) => {
      throw endedError(exit, target.output.lastLines());
    }),
    systemClock.wait(timeoutMs, AbortSignal.any([given.signal, target.signal])).then(() => {
      if (given.signal.aborted) return undefined;
      if (target.signal.aborted) throw startError('was stopped before it was ready', [], 'run it again');
      throw lateError(readiness, timeoutMs, target);
    }),
  ]);
  try {
    return await Promise.race([addressWhenReady(readiness, target, given.signal), failed]);
  } finally {
    given.abort();
    failed.catch(() => undefined);
  }
}

const usualHint =
  'say how it shows that it is ready with `target.ready`, or allow more with `ready.timeoutMs`; `plateau http --write-scenario` writes a module for that';
const portHint = 'have it listen on the port that plateau chose: {port} in its command, or PORT in its environment';

function lateError(readiness: Readiness, timeoutMs: number, { pid, output }: StartingTarget): PlateauError {
  const members = closeOverDescendants(readProcessTable(), [pid]);
  const elsewhere = [...new Set([...members.keys()].flatMap(localAddresses))];
  const got = elsewhere.length === 0 ? '' : `, got a process of it that listens at ${elsewhere.join(' and ')}`;
  const problem = `was not ready within ${timeoutMs} ms: expected ${describeReadiness(readiness)}${got}`;
  return startError(problem, output.lastLines(), 'port' in readiness && got !== '' ? portHint : usualHint);
}

function addressWhenReady(
  readiness: Readiness,
  target: StartingTarget,
  done: AbortSignal,
): Promise<string | undefined> {
  if ('listening' in readiness) return firstServer(target);
  if ('port' in readiness) return acceptingPort(readiness, done);
  if ('line' in readiness) return matchingLine(readiness.line, target.output);
  if ('message' in readiness) return matchingMessage(readiness.message, target.messages);
  return answeringUrl(readiness.url, done);
}

/** The server on the port that the target was given, else the first one. */
async function firstServer({ agent: speaking, name, port: given, warn }: StartingTarget): Promise<string> {
  const agent = await speaking;
  if (agent === undefined) {
    throw new PlateauError(
      'PLATEAU_INVALID_SCENARIO',
      `${name}: \`ready: {listening: true}\` is for Node scripts only`,
      {
        hint: 'use {port}, {line} or {url}',
      },
    );
  }
  const wanted = given === undefined ? {} : { port: given };
  const [first, ...others] = await agent.request('listening', wanted, { timeoutMs: 2 ** 31 - 1 });
  const { host, port, secure } = first!;
  if (given !== undefined && others.length > 0 && port !== given) {
    const ports = [port, ...others.map((other) => other.port)].join(' and ');
    warn(
      `the target listens on ${ports}, and on none of them because PORT says so: port ${port}, which was open first, is driven; ` +
        'to choose, name the port in the URL or in `ready`',
    );
  }
  const address = host === '0.0.0.0' || host === '::' || host === '' ? '127.0.0.1' : host;
  return `${secure ? 'https' : 'http'}://${net.isIPv6(address) ? `[${address}]` : address}:${port}`;
}

async function acceptingPort(
  { port, secure }: Extract<Readiness, { readonly port: number }>,
  done: AbortSignal,
): Promise<string> {
  for (; ; await systemClock.wait(pollMs, done))
    for (const host of loopbackHosts)
      if (done.aborted || (await connectionProblem({ host, port })) === undefined)
        return `${secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function matchingLine(expected: string | RegExp, output: OutputLog): Promise<string | undefined> {
  return new Promise((resolve) => {
    const stop = output.onLine((line) => {
      const match =
        typeof expected === 'string'
          ? line.includes(expected)
            ? ([] as unknown as RegExpExecArray)
            : null
          : expected.exec(line);
      if (match === null) return;
      stop();
      resolve(addressOf(match.groups ?? {}) ?? originIn(line));
    });
  });
}

function matchingMessage(
  expected: string | Readonly<Record<string, unknown>>,
  messages: EventEmitter,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      const matches =
        typeof expected === 'string'
          ? message === expected
          : typeof message === 'object' &&
            message !== null &&
            Object.entries(expected).every(([key, value]) => (message as Record<string, unknown>)[key] === value);
      if (!matches) return;
      messages.off('message', listen);
      resolve(addressOf(typeof message === 'object' ? (message as Record<string, unknown>) : {}));
    };
    messages.on('message', listen);
  });
}

async function answeringUrl(url: string, done: AbortSignal): Promise<string> {
  const answers = () =>
    new Promise<boolean>((resolve) => {
      // Whether its certificate is trusted is asked by who drives it.
      const { get } = url.startsWith('https:') ? https : http;
      const request = get(url, { timeout: 2_000, rejectUnauthorized: false }, (response) => {
        response.resume();
        resolve(response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300);
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(false));
    });
  while (!done.aborted && !(await answers())) await systemClock.wait(pollMs, done);
  return new URL(url).origin;
}

function addressOf(reported: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof reported.url === 'string') return reported.url.replace(/\/+$/, '');
  const port = Number(reported.port);
  return Number.isInteger(port) && port > 0 ? `http://127.0.0.1:${port}` : undefined;
}

/** Servers print where they listen. One that listens on all addresses is reached on loopback. */
function originIn(line: string): string | undefined {
  const printed = /https?:\/\/[^\s"'`<>]+/.exec(line)?.[0];
  if (printed === undefined || !URL.canParse(printed)) return undefined;
  const url = new URL(printed);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  return url.origin;
}

function describeReadiness(readiness: Readiness): string {
  if ('listening' in readiness) return 'a server that listens in its own process';
  if ('port' in readiness) return `port ${readiness.port} to accept`;
  if ('line' in readiness) return `a line of output matching ${String(readiness.line)}`;
  if ('message' in readiness) return `the IPC message ${JSON.stringify(readiness.message)}`;
  return `${readiness.url} to answer 2xx`;
}
