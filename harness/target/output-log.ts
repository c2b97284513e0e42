import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';

const bytesMax = 4 * 1024 * 1024;
const linesMax = 20;
const lineMax = 2_000;

export interface OutputLog {
  /** Takes a stream's text; lines go to `onLine` too. */
  attach(stream: Readable): void;
  onLine(listener: (line: string) => void): () => void;
  lastLines(): readonly string[];
  close(): void;
}

/**
 * A target's output on disk, bounded: when the file is full it becomes `<path>.1` (replacing the one before), so at
 * most 8 MiB are kept. Writing is synchronous: what a dying target said is there.
 */
export function createOutputLog(path: string): OutputLog {
  const last: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let descriptor = openSync(path, 'w', 0o600);
  let bytes = 0;
  let open = true;

  const write = (text: string) => {
    if (!open) return;
    if (bytes > bytesMax) {
      closeSync(descriptor);
      renameSync(path, `${path}.1`);
      descriptor = openSync(path, 'w', 0o600);
      bytes = 0;
    }
    bytes += writeSync(descriptor, text);
  };
  const takeLine = (line: string) => {
    last.push(line.slice(0, lineMax));
    if (last.length > linesMax) last.shift();
    for (const listener of listeners) listener(line);
  };

  return {
    attach(stream) {
      stream.setEncoding('utf8');
      let partial = '';
      stream.on('data', (chunk: string) => {
        write(chunk);
        const lines = (partial + chunk).split('\n');
        partial = (lines.pop() ?? '').slice(-lineMax);
        for (const line of lines) takeLine(line.replace(/\r$/, ''));
      });
      stream.on('end', () => {
        if (partial !== '') takeLine(partial);
        partial = '';
      });
      stream.on('error', () => undefined);
    },
    onLine(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    lastLines: () => [...last],
    close() {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}
