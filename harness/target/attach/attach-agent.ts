import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { noInsideView, PlateauError } from '../../model/errors.js';
import type { AgentConnection } from '../../model/target.js';
import type { Clock } from '../../platform/clock.js';
import { closeInspector, evaluate } from '../../platform/inspector/close-inspector.js';
import { openInspector } from '../../platform/inspector/open-inspector.js';
import { forgetOpened, recordOpened } from '../../platform/run-temporary-directory.js';
import { connectAgent } from '../agent-connection.js';
import { agentExpression } from './agent-expression.js';

const attachTimeoutMs = 10_000;
const leaveTimeoutMs = 5_000;

export interface AttachedAgent extends AgentConnection {
  /** Leaves the process as it was found. */
  leave(): Promise<void>;
}

export interface AttachPlan {
  /** Switches the hooks on that show where things are made. */
  readonly attribution: boolean;
  readonly mallocReader?: string | undefined;
  /** Of the run: the next start closes the inspector that is noted there, when this one cannot. */
  readonly ownerDirectory: string;
  readonly clock: Clock;
}

/**
 * Puts the agent into a Node process that runs already, by its inspector, which is closed again at once. When the connection
 * ends, also because plateau was killed, the agent undoes what it has done and is gone.
 * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` with the reason and what to do
 */
export async function attachAgent(
  pid: number,
  { attribution, mallocReader, ownerDirectory, clock }: AttachPlan,
): Promise<AttachedAgent> {
  const { url, wasOpen } = await openInspector(pid, clock, () => recordOpened(ownerDirectory, pid, 'inspector'));
  const signal = AbortSignal.timeout(attachTimeoutMs);
  const door = await openDoor(signal);
  try {
    const { port, token } = door;
    const closesInspector = !wasOpen;
    const attachment = {
      port,
      token,
      attribution,
      closesInspector,
      ...(mallocReader !== undefined && { mallocReader }),
    };
    await evaluate(url, agentExpression(attachment), signal);
    const socket = await door.entered;
    const agent = await connectAgent(socket, attachTimeoutMs);
    if (closesInspector) {
      await agent.request('closeInspector', {});
      forgetOpened(ownerDirectory, pid, 'inspector');
    }
    const leave = async () => {
      await agent.request('leave', {}, { timeoutMs: leaveTimeoutMs }).catch(() => undefined);
      socket.destroy();
    };
    return { ...agent, leave };
  } catch (error) {
    // An agent that got in leaves the process when its connection ends.
    void door.entered.then((socket) => socket.destroy()).catch(() => undefined);
    if (!wasOpen && (await closeInspector(url))) forgetOpened(ownerDirectory, pid, 'inspector');
    if (error instanceof PlateauError && error.code === 'PLATEAU_NO_INSIDE_VIEW') throw error;
    const reason = signal.aborted ? `it did not answer within ${attachTimeoutMs / 1_000} s` : (error as Error).message;
    throw noInsideView(
      `the agent could not be put into it: ${reason}`,
      'let plateau start the service: target: { script: ... }',
      error,
    );
  } finally {
    door.close();
  }
}

interface Door {
  readonly port: number;
  readonly token: string;
  /** The connection of whoever knows the token. */
  readonly entered: Promise<net.Socket>;
  /** Nobody else gets in. */
  close(): void;
}

/** Where the agent connects to: on loopback, since the process may have another root directory, or be another user's. */
async function openDoor(signal: AbortSignal): Promise<Door> {
  const token = randomBytes(16).toString('hex');
  const strangers = new Set<net.Socket>();
  const server = net.createServer();
  const entered = new Promise<net.Socket>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
    server.on('connection', (socket) => {
      strangers.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', (line) => {
        if (line.toString('latin1') !== `${token}\n`) return void socket.destroy();
        strangers.delete(socket);
        resolve(socket);
      });
    });
  });
  entered.catch(() => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () => {
    server.close();
    for (const socket of strangers) socket.destroy();
  };
  return { port: (server.address() as net.AddressInfo).port, token, entered, close };
}
