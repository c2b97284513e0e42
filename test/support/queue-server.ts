import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { freePort } from '../../harness/target/free-port.js';

/** A Redis for the queue of a night, which can be killed and started again at the same address. */
export class QueueServer {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly options: readonly string[],
  ) {}

  /** @param options further ones of redis-server, such as `['--appendonly', 'yes']`; by default it keeps nothing */
  static async start(directory: string, options: readonly string[] = []): Promise<QueueServer> {
    const port = await freePort();
    const server = new QueueServer(port, ['--bind', '127.0.0.1', '--save', '', '--dir', directory, ...options]);
    await server.startAgain();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async startAgain(): Promise<void> {
    const server = spawn('redis-server', ['--port', `${this.port}`, ...this.options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.process = server;
    await new Promise<void>((resolve, reject) => {
      server.once('close', () => reject(new Error('expected a Redis that starts, and it ended')));
      server.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** Ends it as a machine that loses power does. */
  async kill(): Promise<void> {
    const server = this.process;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const closed = once(server, 'close');
    server.kill('SIGKILL');
    await closed;
  }
}

/** One that ends with the test. */
export async function startRedis(directory: string, options: readonly string[] = []): Promise<QueueServer> {
  const server = await QueueServer.start(directory, options);
  onTestFinished(() => server.kill());
  return server;
}
