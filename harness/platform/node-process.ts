import { basename } from 'node:path';
import { readProcLink } from './process-stat.js';

/** Whether a process executes Node. */
export function isNodeProcess(pid: number): boolean {
  return /^node(js)?(-?\d[\d.]*)?$/.test(basename(readProcLink(`/proc/${pid}/exe`) ?? ''));
}
