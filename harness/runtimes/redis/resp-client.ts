import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { PlateauError } from '../../model/errors.js';
import { parseReply, type Reply, ServerError } from './resp-parser.js';

const connectTimeoutMs = 5_000;
const answerTimeoutMs = 30_000;

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  /** UNIX socket, instead of host and port. */
  readonly path?: string;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/**
 * A client of RESP2, the protocol of Redis: requests are arrays of texts, replies come in their order. It is written
 * here, since plateau looks into servers that nobody announced, where an optional package would mostly be missing, and
 * since what it costs the server must be known: one connection, no commands of its own, no reconnection. Texts are
 * bytes, one a character (latin1), so that keys go back as they came.
 */
export class RespClient {
  private readonly waiting: Waiting[] = [];
  private pending: Buffer = Buffer.alloc(0);
  private failure: Error | undefined;
  private onFollowing: ((reply: Reply) => void) | undefined;

  private constructor(private readonly socket: net.Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new PlateauError('PLATEAU_NO_INSIDE_VIEW', 'Redis closed the connection')));
    // The server's life does not depend on plateau's connection, nor plateau's on it.
    socket.unref();
  }

  /** @throws when nothing answers there, or the password is refused */
  static async connect(address: RedisAddress, signal: AbortSignal): Promise<RespClient> {
    const { host, port, path, username, password } = address;
    const place = path === undefined ? { host, port } : { path };
    // An address of numbers is no name of a server.
    const named = net.isIP(host) === 0 ? { servername: host } : {};
    const socket = address.tls ? tls.connect({ ...place, ...named }) : net.connect(place);
    const givenUp = AbortSignal.any([signal, AbortSignal.timeout(connectTimeoutMs)]);
    try {
      await once(socket, address.tls ? 'secureConnect' : 'connect', { signal: givenUp });
      const client = new RespClient(socket);
      if (password !== undefined) await client.call('AUTH', ...(username === undefined ? [] : [username]), password);
      return client;
    } catch (error) {
      socket.destroy();
      throw givenUp.aborted ? new Error(`no connection within ${connectTimeoutMs} ms`) : error;
    }
  }

  /** @throws {ServerError} what the server answered, where that is an error */
  async call(...command: string[]): Promise<Reply> {
    const [reply] = await this.pipeline([command]);
    if (reply instanceof ServerError) throw reply;
    return reply!;
  }

  /** Sends commands at once; an error of one is its reply. */
  async pipeline(commands: readonly (readonly string[])[]): Promise<Reply[]> {
    if (this.failure !== undefined) throw this.failure;
    if (commands.length === 0) return [];
    const replies = commands.map(() => new Promise<Reply>((resolve, reject) => this.waiting.push({ resolve, reject })));
    this.socket.ref();
    const timer = setTimeout(
      () => this.fail(new Error(`Redis did not answer ${commands[0]![0]} within ${answerTimeoutMs} ms`)),
      answerTimeoutMs,
    );
    this.socket.write(commands.map(encode).join(''), 'latin1');
    try {
      return await Promise.all(replies);
    } finally {
      clearTimeout(timer);
      if (this.waiting.length === 0) this.socket.unref();
    }
  }

  /** Sends a command that is answered again and again, as MONITOR is: the connection is of no other use from then on. */
  async follow(command: string, onReply: (reply: Reply) => void): Promise<void> {
    const first = this.call(command);
    this.onFollowing = onReply;
    await first;
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(chunk: Buffer): void {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    let at = 0;
    try {
      while (this.waiting.length > 0 || this.onFollowing !== undefined) {
        const parsed = at === this.pending.length ? undefined : parseReply(this.pending, at);
        if (parsed === undefined) break;
        at = parsed.end;
        const waiting = this.waiting.shift();
        if (waiting === undefined) this.onFollowing?.(parsed.reply);
        else waiting.resolve(parsed.reply);
      }
    } catch (error) {
      this.fail(error as Error);
    }
    this.pending = this.pending.subarray(at);
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(this.failure);
    this.socket.destroy();
  }
}

function encode(command: readonly string[]): string {
  return `*${command.length}\r\n${command.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;
}
