import { once } from 'node:events';
import net from 'node:net';
import type { UpstreamFault } from '../model/fault.js';

/** A stalled answer never comes; after so long the connection is cut, so that a cycle ends. */
const stallMs = 1_000;
const delayMs = 200;

/** Stands between a target and one of its upstreams; passes bytes on, and disturbs them where it is asked to. */
export class UpstreamProxy {
  private readonly sockets = new Set<net.Socket>();
  /** Faults under way; of several the last one holds. */
  private readonly faults: UpstreamFault[] = [];

  private constructor(
    private readonly server: net.Server,
    private readonly upstream: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (socket) => this.connect(socket));
  }

  static async open(upstream: { readonly host: string; readonly port: number }): Promise<UpstreamProxy> {
    const server = net.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new UpstreamProxy(server, upstream);
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** Disturbs all traffic until the function that it returns is called. */
  disturb(fault: UpstreamFault): () => void {
    this.faults.push(fault);
    if (fault === 'upstream-refuse') for (const socket of this.sockets) socket.resetAndDestroy();
    return () => void this.faults.splice(this.faults.lastIndexOf(fault), 1);
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private connect(fromTarget: net.Socket): void {
    this.keep(fromTarget);
    if (this.fault === 'upstream-refuse') {
      fromTarget.resetAndDestroy();
      return;
    }
    const toUpstream = net.connect(this.upstream);
    this.keep(toUpstream);
    fromTarget.on('data', (bytes) => {
      if (this.fault === 'upstream-reset') fromTarget.resetAndDestroy();
      else passOn(bytes, fromTarget, toUpstream);
    });
    toUpstream.on('data', (bytes) => this.answer(bytes, toUpstream, fromTarget));
    // What is on its way arrives, whoever ends the connection.
    fromTarget.on('close', () => toUpstream.destroySoon());
    toUpstream.on('close', () => fromTarget.destroySoon());
  }

  private answer(bytes: Buffer, toUpstream: net.Socket, fromTarget: net.Socket): void {
    switch (this.fault) {
      case 'upstream-stall':
        setTimeout(() => fromTarget.destroy(), stallMs);
        break;
      case 'upstream-delay':
        setTimeout(() => fromTarget.write(bytes), delayMs);
        break;
      case 'upstream-cut':
        fromTarget.write(bytes.subarray(0, bytes.length >> 1), () => fromTarget.destroy());
        break;
      default:
        passOn(bytes, toUpstream, fromTarget);
    }
  }

  private get fault(): UpstreamFault | undefined {
    return this.faults.at(-1);
  }

  private keep(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    // The other side learns of it by the end of its connection.
    socket.on('error', () => undefined);
  }
}

/** No faster than it is taken: what one side sends faster piles up there, as without a proxy. */
function passOn(bytes: Buffer, from: net.Socket, to: net.Socket): void {
  if (to.write(bytes)) return;
  from.pause();
  to.once('drain', () => from.resume());
}
