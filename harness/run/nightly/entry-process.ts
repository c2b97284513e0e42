import { type ChildProcess, fork } from 'node:child_process';
import { agentEnvironment } from '../../model/agent-protocol.js';
import type { EntryCommand, EntryMessage, EntryRequest } from '../../model/night-process.js';
import type { RunListener } from '../../model/run-options.js';
import { formatOwnerMark } from '../../platform/process-identity.js';

export type EntryOutcome =
  | { readonly state: 'finished'; readonly run: string }
  | { readonly state: 'failed'; readonly message: string; readonly exitCode: number };

export interface EntryProcessSettings {
  /** The module that answers requests. */
  readonly worker: string;
  /** Marks the process, so that the next start ends it when this one was killed. */
  readonly nightId: string;
  readonly signal: AbortSignal;
  readonly listener: RunListener;
  /** Without a sign of life for this long it is ended. @defaultValue 20 minutes */
  readonly silenceMs?: number;
}

const usualSilenceMs = 1_200_000;
/** After it was asked to stop: targets are ended within ten seconds, and what was sampled is judged. */
const stopMs = 60_000;
/** From its end until its last words are read. */
const lastWordsMs = 1_000;
const outputKept = 4_000;

/** Runs one entry in a process of its own, and outlives whatever becomes of that process. */
export function runInProcess(request: EntryRequest, settings: EntryProcessSettings): Promise<EntryOutcome> {
  const { worker, nightId, signal, listener, silenceMs = usualSilenceMs } = settings;
  const child = fork(worker, [], {
    env: { ...process.env, [agentEnvironment.owner]: formatOwnerMark(nightId) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  return new Promise((resolve) => {
    let outcome: EntryOutcome | undefined;
    let said = '';
    let overdue = false;
    const endSoon = () => void child.kill('SIGKILL');
    let timer = setTimeout(hangs, silenceMs);
    function hangs(): void {
      overdue = true;
      endSoon();
    }
    const stop = () => {
      tell(child, { kind: 'stop' });
      clearTimeout(timer);
      timer = setTimeout(hangs, stopMs);
    };
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-outputKept);
      });
    child.on('message', (message: EntryMessage) => {
      if (!signal.aborted) timer.refresh();
      if (message.kind === 'progress') listener.onProgress?.(message.progress);
      else if (message.kind === 'warning') listener.onWarning?.(message.message);
      else if (message.kind === 'finished') outcome = { state: 'finished', run: message.run };
      else outcome = { state: 'failed', message: message.message, exitCode: message.exitCode };
    });
    child.on('error', (error) => {
      outcome ??= { state: 'failed', message: `its process could not be started: ${error.message}`, exitCode: 4 };
      settle();
    });
    const conclude = () => {
      const { exitCode, signalCode } = child;
      const how = overdue
        ? 'gave no sign of life and was ended'
        : `ended ${signalCode === null ? `with code ${exitCode}` : `by ${signalCode}`}`;
      outcome ??= { state: 'failed', message: `its process ${how}${lastLines(said)}`, exitCode: 4 };
      settle();
    };
    // `close` comes after everything was said; something that a scenario has started may hold its output open for ever.
    child.on('close', conclude);
    child.on('exit', () => {
      signal.removeEventListener('abort', stop);
      clearTimeout(timer);
      timer = setTimeout(conclude, lastWordsMs);
    });
    const settle = () => {
      clearTimeout(timer);
      child.stdout?.destroy();
      child.stderr?.destroy();
      signal.removeEventListener('abort', stop);
      if (outcome !== undefined) resolve(outcome);
    };
    signal.addEventListener('abort', stop, { once: true });
    tell(child, request);
    if (signal.aborted) stop();
  });
}

function tell(child: ChildProcess, command: EntryCommand): void {
  // One that has died already says so by `close`.
  if (child.connected) child.send(command, () => undefined);
}

function lastLines(said: string): string {
  const lines = said.trim().split('\n').slice(-5).join('\n');
  return lines === '' ? '' : `:\n${lines}`;
}
