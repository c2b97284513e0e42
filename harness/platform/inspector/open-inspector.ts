import { noInsideView, type PlateauError } from '../../model/errors.js';
import type { Clock } from '../clock.js';
import { localAddresses } from '../local-addresses.js';
import { readProcFile } from '../process-stat.js';
import { parseInternetSockets } from '../socket-table.js';

/** Node opens its inspector on this signal, from a thread of its own, unless the process listens for it itself. */
const wakeSignal = 'SIGUSR1';
const wakeSignalBit = 1n << 9n;
const usualPort = 9_229;
const openTimeoutMs = 3_000;
const pollMs = 20;
const answerTimeoutMs = 1_000;
const inspectOption = /--inspect(?:-brk|-wait|-port)?(?:=(?:\S*:)?(\d+))?(?=[\s\0]|$)/g;

export interface OpenInspector {
  /** `ws://127.0.0.1:9229/...` */
  readonly url: string;
  /** It was open before, so it is not plateau's to close. */
  readonly wasOpen: boolean;
}

/**
 * Finds the inspector of a running Node process, or has it opened. The port is found in the process's own sockets: another
 * process on the usual port is never taken for it.
 * @param onOpening called before the process is asked to open it
 * @throws {PlateauError} `PLATEAU_NO_INSIDE_VIEW` with the reason and what to do
 */
export async function openInspector(pid: number, clock: Clock, onOpening: () => void): Promise<OpenInspector> {
  const before = new Set(localAddresses(pid));
  const ports = inspectorPorts(pid);
  const open = await firstInspector(onPorts(before, ports));
  if (open !== undefined) return { url: open, wasOpen: true };
  const port = [...ports].find((candidate) => candidate !== usualPort) ?? usualPort;
  const deadlineMs = clock.monotonicMs() + openTimeoutMs;
  for (let isWoken = false; clock.monotonicMs() < deadlineMs; await clock.wait(pollMs)) {
    const opened = await firstInspector(localAddresses(pid).filter((address) => !before.has(address)));
    if (opened !== undefined) return { url: opened, wasOpen: false };
    // Node does not try again by itself when another process has the port, which may be for a moment only.
    if (isTaken(port)) isWoken = false;
    else if (!isWoken) {
      onOpening();
      wake(pid);
      isWoken = true;
    }
  }
  throw isTaken(port)
    ? refusal(
        `port ${port}, where its inspector opens, is taken by another process`,
        'end what listens there (mostly a Node process that is debugged), or start the service with --inspect-port=0',
      )
    : refusal(
        `its inspector did not open within ${openTimeoutMs / 1_000} s: the service keeps ${wakeSignal} for itself, or waits in native code`,
        'start the service with --inspect=127.0.0.1:0, or let plateau start it: target: { script: ... }',
      );
}

/** Address of the inspector of a process; undefined where none is open. */
export function findInspector(pid: number): Promise<string | undefined> {
  return firstInspector(onPorts(localAddresses(pid), inspectorPorts(pid)));
}

function onPorts(addresses: Iterable<string>, ports: ReadonlySet<number>): string[] {
  return [...addresses].filter((address) => ports.has(0) || ports.has(Number(new URL(address).port)));
}

function isTaken(port: number): boolean {
  const files = ['tcp', 'tcp6'].map((file) => readProcFile(`/proc/self/net/${file}`)?.toString('latin1') ?? '');
  return files.some((text) =>
    [...parseInternetSockets(text, 'tcp').values()].some(
      ({ state, local }) => state === 'listen' && local.endsWith(`:${port}`),
    ),
  );
}

/** @throws {PlateauError} where the signal may not be sent, or would end the process */
function wake(pid: number): void {
  if (!catchesWakeSignal(pid))
    throw refusal(
      `it does not open its inspector on ${wakeSignal}`,
      'start the service without --disable-sigusr1, or with --inspect=127.0.0.1:0',
    );
  try {
    process.kill(pid, wakeSignal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    throw refusal('it belongs to another user', 'run plateau as the user of the service');
  }
}

/** Whoever does not catch it is ended by it. */
function catchesWakeSignal(pid: number): boolean {
  const status = readProcFile(`/proc/${pid}/status`)?.toString('latin1') ?? '';
  const caught = /^SigCgt:\s*([\da-f]+)$/m.exec(status)?.[1];
  return caught !== undefined && (BigInt(`0x${caught}`) & wakeSignalBit) !== 0n;
}

/** Where the inspector may listen, by the command line and NODE_OPTIONS; 0 for any port. */
function inspectorPorts(pid: number): Set<number> {
  const text = (file: string) => readProcFile(`/proc/${pid}/${file}`)?.toString('utf8') ?? '';
  const options = /(?:^|\0)NODE_OPTIONS=([^\0]*)/.exec(text('environ'))?.[1] ?? '';
  const words = `${text('cmdline').replaceAll('\0', ' ')} ${options}`;
  return new Set([usualPort, ...Array.from(words.matchAll(inspectOption), ([, port]) => Number(port ?? usualPort))]);
}

async function firstInspector(addresses: readonly string[]): Promise<string | undefined> {
  for (const address of addresses) {
    const url = await inspectorAt(address);
    if (url !== undefined) return url;
  }
  return undefined;
}

async function inspectorAt(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${address}/json/list`, { signal: AbortSignal.timeout(answerTimeoutMs) });
    const [target] = (await response.json()) as { webSocketDebuggerUrl?: string }[];
    return target?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}

function refusal(reason: string, hint: string): PlateauError {
  return noInsideView(reason, hint);
}
