import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Whether a process executes Node. */
export function isNodeProcess(pid: number): boolean {
  try {
    return /^node(js)?(-?\d[\d.]*)?$/.test(basename(readlinkSync(`/proc/${pid}/exe`)));
  } catch {
    return false;
  }
}
