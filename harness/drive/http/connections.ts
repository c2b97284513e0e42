import { type Dispatcher, H2CClient, Pool } from 'undici';
import type { HttpSettings } from '../../model/http.js';
import { tlsOptions } from './tls-options.js';

const keepAliveTimeoutMs = 60_000;
/** So long before the server said that it would, an idle connection is closed: the way to it takes no time, so not 2 s as usual. */
const closedBeforeMs = 500;
/** A connection of something that was open goes with it, so that none stands in a floor. */
const idleAfterOpenMs = 1;

/** Keep-alive connections for requests; over HTTP/2 one that carries as many at once. */
export function requestConnections(
  origin: string,
  settings: HttpSettings,
  { connections, pipelining }: { readonly connections: number; readonly pipelining: number },
): Dispatcher {
  const { http2 = false } = settings;
  if (!http2)
    return new Pool(origin, {
      connections,
      pipelining,
      keepAliveTimeout: keepAliveTimeoutMs,
      keepAliveTimeoutThreshold: closedBeforeMs,
      connect: tlsOptions(settings),
    });
  return overHttp2(origin, settings, connections * pipelining);
}

/** For what stays open: each on a connection of its own, or over HTTP/2 on one. */
export function openingConnections(origin: string, settings: HttpSettings): Dispatcher {
  if (settings.http2) return overHttp2(origin, settings, streamsMax);
  return new Pool(origin, { connections: null, keepAliveTimeout: idleAfterOpenMs, connect: tlsOptions(settings) });
}

/** As many streams as servers usually allow on one connection. */
const streamsMax = 100;

function overHttp2(origin: string, settings: HttpSettings, atOnce: number): Dispatcher {
  const streams = { pipelining: atOnce, maxConcurrentStreams: Math.max(atOnce, streamsMax) };
  if (!origin.startsWith('https:')) return new H2CClient(origin, streams);
  return new Pool(origin, { ...streams, connections: 1, allowH2: true, connect: tlsOptions(settings) });
}
