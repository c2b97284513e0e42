import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { setTimeout as waitFor } from 'node:timers/promises';
import { noInsideView, type PlateauError } from '../../model/errors.js';
import { readProcFile } from '../../platform/process-stat.js';

/** Listening begins within milliseconds; a JVM that loads classes on a busy machine has taken a second. */
const listenTimeoutMs = 15_000;
const pollMs = 10;
/** A full collection of a large heap, or a dump of one. */
const commandTimeoutMs = 120_000;
const protocolVersion = '1';
const quit = 3;

/**
 * HotSpot's attach mechanism, the one that `jcmd` uses: a JVM that finds a file in its temporary directory at a SIGQUIT
 * listens on a socket and executes diagnostic commands. It needs neither a JDK nor options of the JVM.
 */
export class AttachedJvm {
  private constructor(private readonly socketPath: string) {}

  /**
   * Makes the JVM listen, where it does not already.
   * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW`
   */
  static async open(pid: number): Promise<AttachedJvm> {
    const status = readProcFile(`/proc/${pid}/status`)?.toString() ?? '';
    const ownPid = /^NSpid:.*?(\d+)$/m.exec(status)?.[1] ?? String(pid);
    const temporary = `/proc/${pid}/root/tmp`;
    const jvm = new AttachedJvm(`${temporary}/.java_pid${ownPid}`);
    if (await jvm.listens()) return jvm;
    // One that handles no signals (-Xrs) listens from its start; a signal would end it.
    if (!catchesQuit(status)) throw refusal('the JVM cannot be asked to listen: it does not handle SIGQUIT');
    const trigger = `${temporary}/.attach_pid${ownPid}`;
    try {
      writeFileSync(trigger, '');
      process.kill(pid, 'SIGQUIT');
      for (let waitedMs = 0; waitedMs < listenTimeoutMs; waitedMs += pollMs) {
        await waitFor(pollMs);
        if (await jvm.listens()) return jvm;
      }
    } catch (error) {
      throw refusal(`attaching to the JVM failed: ${(error as Error).message}`, error);
    } finally {
      rmSync(trigger, { force: true });
    }
    throw refusal('the JVM does not answer to attaching');
  }

  /**
   * Executes a diagnostic command, as `jcmd <pid> <command>` does.
   * @returns what it printed
   * @throws when the JVM does not know the command, or it failed
   */
  async command(text: string): Promise<string> {
    const socket = net.connect(this.socketPath);
    socket.setTimeout(commandTimeoutMs, () => socket.destroy(new Error(`${text}: the JVM does not answer`)));
    // A string each for the version and the operation, and always three arguments.
    socket.on('connect', () => socket.write(`${protocolVersion}\0jcmd\0${text}\0\0\0`));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'close');
    const answer = Buffer.concat(chunks).toString();
    // The first line is 0, or another number and a message below.
    if (answer.startsWith('0\n')) return answer.slice(2);
    throw new Error(`${text}: ${answer.trim().split('\n').at(-1) || 'the JVM closed the connection'}`);
  }

  private async listens(): Promise<boolean> {
    const socket = net.connect(this.socketPath);
    try {
      await once(socket, 'connect');
      return true;
    } catch {
      return false;
    } finally {
      socket.destroy();
    }
  }
}

/** A process that does not catch SIGQUIT is ended by it. */
function catchesQuit(status: string): boolean {
  const caught = BigInt(`0x${/^SigCgt:\s*([\da-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return ((caught >> BigInt(quit - 1)) & 1n) === 1n;
}

function refusal(message: string, cause?: unknown): PlateauError {
  return noInsideView(
    message,
    'run plateau as the user of the service, and start the JVM without -XX:+DisableAttachMechanism',
    cause,
  );
}
