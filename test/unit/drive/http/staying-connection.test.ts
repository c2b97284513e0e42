import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { compileRequest } from '../../../../harness/drive/http/compile-request.js';
import { shareOut } from '../../../../harness/drive/http/connection-shares.js';
import { HttpRounds, type PlainOperation } from '../../../../harness/drive/http/http-rounds.js';
import { SetupValues } from '../../../../harness/drive/http/setup-values.js';
import { httpService } from '../../../support/http-service.js';

const request = compileRequest({ path: '/' }, { origin: '', environment: {}, setup: new SetupValues(), quotes: false });
const operation: PlainOperation = { name: 'GET /', weight: 1, request, values: (cycle) => ({ cycle, input: 0 }) };
const round = { cycles: 103, concurrency: 5, seed: 7 };

async function roundsAgainst(url: string, { values } = operation): Promise<HttpRounds> {
  const rounds = new HttpRounds([{ ...operation, values }], url);
  onTestFinished(() => rounds.close());
  await rounds.keepsConnections();
  await rounds.letStay(round.concurrency);
  return rounds;
}

test.each([
  [0, 5, [21, 21], { connections: 3, amount: 61 }],
  [1, 5, [21, 21, 21], { connections: 2, amount: 40 }],
  [0, 1, [], { connections: 1, amount: 103 }],
  [1, 1, [103], { connections: 0, amount: 0 }],
])('round %i of 103 requests on %i connections: %j on those that stay', (number, concurrency, staying, fresh) => {
  expect(shareOut({ round: number, cycles: 103, concurrency }, 3)).toEqual({ staying, fresh });
});

test('no more connections stay than may, and none without a request', () => {
  expect(shareOut({ round: 0, cycles: 8, concurrency: 8 }, 0)).toEqual({
    staying: [],
    fresh: { connections: 8, amount: 8 },
  });
  expect(shareOut({ round: 0, cycles: 1, concurrency: 8 }, 4)).toEqual({
    staying: [],
    fresh: { connections: 1, amount: 1 },
  });
});

test('half of the connections stay open from round to round, the others are new', async () => {
  const requestsOf = new Map<Socket, number>();
  const service = await httpService(({ socket }, response) => {
    requestsOf.set(socket, (requestsOf.get(socket) ?? 0) + 1);
    response.end('ok');
  });
  const rounds = await roundsAgainst(service.url);
  requestsOf.clear();
  for (let number = 0; number < 4; number += 1)
    expect(await rounds.drive({ ...round, round: number })).toMatchObject({ created: 103, failed: 0 });
  // Three stay, of which one is left out in every other round; of the others there are 3, 2, 3 and 2.
  expect([...requestsOf.values()].filter((requests) => requests > 21)).toEqual([84, 84, 42]);
  expect(requestsOf.size).toBe(3 + 10);
});

test('a target that serves one connection at a time is not kept from the others', async () => {
  const waiting: Socket[] = [];
  let served: Socket | undefined;
  const serveNext = () => {
    served = waiting.shift();
    served?.on('data', () => served?.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')).resume();
  };
  const server = createServer((socket) => {
    waiting.push(socket.pause());
    socket
      .on('error', () => undefined)
      .on('close', () => {
        if (socket === served) serveNext();
        else waiting.splice(waiting.indexOf(socket), 1);
      });
    if (served === undefined) serveNext();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const rounds = new HttpRounds([operation], `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await rounds.keepsConnections();
  await rounds.letStay(5);
  expect(rounds.staysOpen).toBe(false);
  expect(await rounds.drive({ ...round, round: 0 })).toMatchObject({ created: 103, failed: 0 });
});

test('a connection that the target has closed meanwhile is opened anew, and no request is lost', async () => {
  const sockets = new Set<Socket>();
  const service = await httpService(({ socket }, response) => {
    sockets.add(socket);
    response.end('ok');
  });
  const rounds = await roundsAgainst(service.url);
  const open = [...sockets].filter(({ destroyed }) => !destroyed);
  expect(open).toHaveLength(3);
  // It is closed at this end once the other end has answered.
  await Promise.all(open.map((socket) => once(socket.end(), 'close')));
  expect(await rounds.drive({ ...round, round: 1 })).toMatchObject({ created: 103, failed: 0 });
});

test('a target that ends each connection after ten requests, as it says, loses none', async () => {
  const requestsOf = new Map<Socket, number>();
  const service = await httpService(({ socket }, response) => {
    const requests = (requestsOf.get(socket) ?? 0) + 1;
    requestsOf.set(socket, requests);
    response.shouldKeepAlive = requests < 10;
    response.end('ok');
  });
  const rounds = await roundsAgainst(service.url);
  for (let number = 0; number < 3; number += 1)
    expect(await rounds.drive({ ...round, round: number })).toMatchObject({ created: 103, failed: 0, failures: [] });
});

test('what making a request throws ends the round', async () => {
  const service = await httpService((_request, response) => response.end('ok'));
  let isBroken = false;
  const values = (cycle: number) => {
    if (isBroken) throw new Error('no value');
    return { cycle, input: 0 };
  };
  const rounds = await roundsAgainst(service.url, { ...operation, values });
  isBroken = true;
  await expect(rounds.drive({ ...round, round: 1 })).rejects.toThrow('no value');
});
