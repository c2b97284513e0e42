import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasFixedAddress } from '../../harness/sample/outside/fixed-addresses.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const here = () => hasFixedAddress(process.pid);

describe.skipIf(process.platform !== 'linux')('a process beside which a second one of its kind could not run', () => {
  it('is none that listens where the system chose', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(socket, 'listening')]);
    expect(here()).toBe(false);
    server.close();
    socket.close();
  });

  it('listens at a port that neither the system nor plateau chose, over TCP or UDP', async () => {
    const server = createServer().listen(24_731, '127.0.0.1');
    await once(server, 'listening');
    expect(here()).toBe(true);
    expect(hasFixedAddress(process.pid, { ports: [24_731] })).toBe(false);
    server.close();
    await once(server, 'close');
    expect(here()).toBe(false);
    const socket = createSocket('udp4').bind(24_731, '127.0.0.1');
    await once(socket, 'listening');
    expect(here()).toBe(true);
    socket.close();
  });

  it('listens at a socket file that plateau did not choose, and that is not called after its pid', async () => {
    const directory = temporaryDirectory();
    const server = createServer().listen(join(directory, 'service.sock'));
    await once(server, 'listening');
    expect(here()).toBe(true);
    expect(hasFixedAddress(process.pid, { directory })).toBe(false);
    server.close();
    await once(server, 'close');
    const ofThisPid = createServer().listen(join(directory, `.tools${process.pid}`));
    await once(ofThisPid, 'listening');
    expect(here()).toBe(false);
    ofThisPid.close();
  });

  it('may be one that nobody can read', () => {
    expect(hasFixedAddress(2 ** 22 + 1)).toBe(true);
  });
});
