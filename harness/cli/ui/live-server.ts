import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { invalidOption } from '../../model/errors.js';

/** A page, or `undefined` for a path that there is none at. */
export type PageMaker = (path: string) => Promise<string | undefined>;

export interface LiveServer {
  /** With its token: who does not know it is refused. */
  readonly url: string;
  /** Tabs that listen. */
  readonly tabs: number;
  /** Sends an event to every tab; a tab that opens later receives the last event of each name first. */
  send(name: string, data: unknown): void;
  /** Calls back when the first tab opens and when the last one closes. */
  onTabs(changed: () => void): void;
  close(): void;
}

const heartbeatMs = 15_000;
/** A browser that lost its server asks again after this time. */
const retryMs = 2_000;

const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * Serves pages and events on the loopback interface, under a path that begins with a secret token.
 * A request that names another host is refused, so that no page elsewhere reaches it by a name that leads here.
 * @param port 0: any that is free
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` when the port is taken
 */
export async function serveLivePage(port: number, pageAt: PageMaker): Promise<LiveServer> {
  const token = randomBytes(18).toString('base64url');
  const tabs = new Set<ServerResponse>();
  const last = new Map<string, string>();
  let tabsChanged: () => void = () => undefined;
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, headers);
      response.end();
    });
  });
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathBelow(request, token);
    if (path === undefined) return refuse(response, 403, 'open the address that plateau printed, token included');
    if (request.method !== 'GET') return refuse(response, 405, 'pages are read with GET');
    if (path === 'events') return listen(response);
    const page = await pageAt(path);
    if (page === undefined) return refuse(response, 404, 'there is no such page');
    response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(page);
  }
  function listen(response: ServerResponse): void {
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
    response.write(`retry: ${retryMs}\n\n${[...last.values()].join('')}`);
    tabs.add(response);
    response.on('close', () => {
      tabs.delete(response);
      tabsChanged();
    });
    tabsChanged();
  }
  const heartbeat = setInterval(() => {
    for (const tab of tabs) tab.write(': alive\n\n');
  }, heartbeatMs);
  heartbeat.unref();
  await listening(server, port);
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${address}/${token}/`,
    get tabs() {
      return tabs.size;
    },
    send(name, data) {
      const text = `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
      if (last.get(name) === text) return;
      last.set(name, text);
      // A tab that does not read gets the next state, and not a queue of old ones.
      for (const tab of tabs) if (!tab.writableNeedDrain) tab.write(text);
    },
    onTabs(changed) {
      tabsChanged = changed;
    },
    close() {
      clearInterval(heartbeat);
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The path below the token of a request that may be answered. */
function pathBelow({ url = '/', headers: { host } }: IncomingMessage, token: string): string | undefined {
  const name = host?.replace(/:\d+$/, '');
  if (name !== '127.0.0.1' && name !== 'localhost') return undefined;
  const [, given = '', path = ''] = /^\/([^/?]*)\/?([^?]*)/.exec(url) ?? [];
  const [expected, actual] = [Buffer.from(token), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual) ? path : undefined;
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${why}\n`);
}

async function listening(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw invalidOption(
      `--port: expected a free port of 127.0.0.1, got ${port} (${code ?? message}).`,
      '--port 0 takes any that is free',
      error,
    );
  }
}
