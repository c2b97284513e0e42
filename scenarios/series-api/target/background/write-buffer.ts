import { closeSync, openSync } from 'node:fs';
import type { BackgroundService } from './background-service.js';

/** Keeps a spool file open, for points that are not in a segment yet. */
export function createWriteBuffer(path: string): BackgroundService {
  let descriptor: number | undefined;
  return {
    name: 'write-buffer',
    async start() {
      descriptor = openSync(path, 'a');
    },
    async stop() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
