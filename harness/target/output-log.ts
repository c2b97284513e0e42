import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Redact } from '../model/redact.js';

const bytesMax = 4 * 1024 * 1024;
const linesMax = 20;
const lineMax = 2_000;
/** Of a line that does not end, so much is held back until it can be redacted as a whole. */
const heldMax = 16 * 1024;

export interface OutputLog {
  /** Takes a stream's text; lines go to `onLine` too. */
  attach(stream: Readable): void;
  onLine(listener: (line: string) => void): () => void;
  lastLines(): readonly string[];
  close(): void;
}

/**
 * A target's output on disk, bounded: when the file is full it becomes `<path>.1` (replacing the one before), so at
 * most 8 MiB are kept. Writing is synchronous: what a dying target said is there. Secrets are in neither the file nor
 * the last lines; those who wait for a line read it as it was printed.
 */
export function createOutputLog(path: string, redact: Redact): OutputLog {
  const last: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const rests = new Set<() => void>();
  let descriptor = openSync(path, 'w', 0o600);
  let bytes = 0;
  let open = true;
  let writable = true;

  const write = (text: string) => {
    if (!open || !writable) return;
    try {
      if (bytes > bytesMax) {
        const full = descriptor;
        renameSync(path, `${path}.1`);
        descriptor = openSync(path, 'w', 0o600);
        closeSync(full);
        bytes = 0;
      }
      bytes += writeSync(descriptor, text);
    } catch {
      // The samples of the run meet the same disk, and end the run with the reason.
      writable = false;
    }
  };
  const takeLine = (line: string) => {
    last.push(redact(line.slice(0, lineMax)));
    if (last.length > linesMax) last.shift();
    for (const listener of listeners) listener(line);
  };

  return {
    attach(stream) {
      stream.setEncoding('utf8');
      let partial = '';
      let unwritten = '';
      stream.on('data', (chunk: string) => {
        const text = unwritten + chunk;
        const whole = text.lastIndexOf('\n') + 1;
        const end = text.length - whole > heldMax ? text.length : whole;
        if (end > 0) write(redact(text.slice(0, end)));
        unwritten = text.slice(end);
        const lines = (partial + chunk).split('\n');
        partial = (lines.pop() ?? '').slice(-lineMax);
        for (const line of lines) takeLine(line.replace(/\r$/, ''));
      });
      const takeRest = () => {
        if (unwritten !== '') write(redact(unwritten));
        if (partial !== '') takeLine(partial);
        unwritten = '';
        partial = '';
      };
      rests.add(takeRest);
      stream.on('end', takeRest);
      stream.on('error', () => undefined);
    },
    onLine(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    lastLines: () => [...last],
    close() {
      for (const takeRest of rests) takeRest();
      rests.clear();
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}
