import type { MetricValues } from '../../model/agent-protocol.js';
import type { RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import type { AgentSocket } from '../agent-socket.js';
import { OwnCode } from './own-code.js';
import { type PythonReading, runtimeReading } from './python-reading.js';

/** A collection of ten million objects takes some seconds. */
const answerTimeoutMs = 60_000;
const evidenceTimeoutMs = 180_000;
const stopTimeoutMs = 2_000;

interface Hello {
  readonly pid: number;
  readonly version: string;
  /** Directories of Python's own library. */
  readonly library: readonly string[];
}

/** What the agent in one process reports. */
export class PythonConnection implements RuntimeConnection {
  private constructor(
    private readonly socket: AgentSocket,
    private readonly code: OwnCode,
    private readonly isStarted: boolean,
  ) {}

  static async open(socket: AgentSocket, isStarted: boolean): Promise<PythonConnection> {
    const { library } = await socket.client.request<Hello>('hello', {}, { timeoutMs: answerTimeoutMs });
    return new PythonConnection(socket, new OwnCode(library), isStarted);
  }

  async floor(): Promise<MetricValues> {
    const answer: Promise<Record<string, number | null>> = this.socket.client.request(
      'floor',
      {},
      { timeoutMs: answerTimeoutMs },
    );
    return Object.fromEntries(Object.entries(await answer).map(([metric, value]) => [metric, value ?? Number.NaN]));
  }

  /** From here on Python records where it allocates. */
  async trace(): Promise<void> {
    await this.socket.client.request('trace', {}, { timeoutMs: evidenceTimeoutMs });
  }

  async beginRecording(): Promise<void> {
    await this.socket.client.request('begin', {}, { timeoutMs: evidenceTimeoutMs });
  }

  async evidence(options: { readonly isLast: boolean }): Promise<RuntimeReading> {
    const read = this.socket.client.request<PythonReading>('evidence', options, { timeoutMs: evidenceTimeoutMs });
    return runtimeReading(await read, this.code);
  }

  /** A process that runs on is left without the agent. */
  async close(): Promise<void> {
    if (!this.isStarted)
      await this.socket.client.request('stop', {}, { timeoutMs: stopTimeoutMs }).catch(() => undefined);
    this.socket.close();
  }
}
