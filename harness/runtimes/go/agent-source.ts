import { once } from 'node:events';
import net from 'node:net';
import { answerTimeoutMs, type ProfileName, type ProfileOptions, type ProfileSource } from './profile-source.js';

/** Variables that the agent in a target reads. */
export const agentVariables = {
  /** Directory of its socket. */
  directory: 'PLATEAU_GO_AGENT',
  /** Set where each allocation is to be recorded. */
  record: 'PLATEAU_GO_RECORD',
} as const;

/** The socket of the agent in a process, where there is one. */
export function agentSocket(directory: string, pid: number): string {
  return `${directory}/go-${pid}.sock`;
}

/** The agent that was built into the target, over its socket. */
export class AgentSource implements ProfileSource {
  private received: Buffer[] = [];
  private notify: () => void = () => undefined;
  private failure: Error | undefined;

  private constructor(private readonly socket: net.Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.received.push(chunk);
      this.notify();
    });
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the process closed the connection')));
  }

  /** @throws when nobody listens */
  static async open(path: string): Promise<AgentSource> {
    const socket = net.connect(path);
    await once(socket, 'connect');
    socket.unref();
    return new AgentSource(socket);
  }

  async read(name: ProfileName, { debug, collect }: ProfileOptions): Promise<string | undefined> {
    this.received = [];
    const timer = setTimeout(() => this.socket.destroy(new Error('the process does not answer')), answerTimeoutMs);
    try {
      this.socket.write(`${collect === true ? 1 : 0} ${debug} ${name}\n`);
      const lengthLine = await this.until((bytes) => bytes.includes('\n'));
      const start = lengthLine.indexOf('\n') + 1;
      const length = Number(lengthLine.toString('latin1', 0, start));
      if (length < 0) return undefined;
      const answer = await this.until((bytes) => bytes.length >= start + length);
      return answer.toString('utf8', start, start + length);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.socket.destroy();
  }

  private async until(isComplete: (bytes: Buffer) => boolean): Promise<Buffer> {
    for (;;) {
      const bytes = Buffer.concat(this.received);
      if (isComplete(bytes)) return bytes;
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.notify();
  }
}
