import type { MetricValues } from '../../model/agent-protocol.js';
import type { RuntimeConnection, RuntimeReading } from '../../model/runtime.js';
import type { Agent } from '../agent-socket.js';
import { OwnCode } from './own-code.js';
import { type PythonReading, runtimeReading } from './python-reading.js';

/** What the agent in one process reports. */
export class PythonConnection implements RuntimeConnection {
  private constructor(
    private readonly agent: Agent,
    private readonly code: OwnCode,
    private readonly isStarted: boolean,
  ) {}

  static async open(agent: Agent, isStarted: boolean): Promise<PythonConnection> {
    return new PythonConnection(agent, new OwnCode(await agent.standardDirectories()), isStarted);
  }

  floor(): Promise<MetricValues> {
    return this.agent.floor();
  }

  beginRecording(): Promise<void> {
    return this.agent.begin();
  }

  async evidence(options: { readonly isLast: boolean }): Promise<RuntimeReading> {
    return runtimeReading(await this.agent.evidence<PythonReading>(options), this.code);
  }

  /** A process that runs on is left without the agent. */
  async close(): Promise<void> {
    if (!this.isStarted) await this.agent.leave();
    this.agent.close();
  }
}
