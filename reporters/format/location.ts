import type { CodeLocation } from '../../harness/model/run-record.js';
import { printable } from './printable.js';

/** A path as a person in `directory` would write it; files of packages start at the package. */
export function shortPath(file: string, directory?: string): string {
  const path = printable(file.replace(/^file:\/\//, ''));
  const packaged = path.lastIndexOf('/node_modules/');
  if (packaged >= 0) return path.slice(packaged + '/node_modules/'.length);
  if (directory !== undefined && path.startsWith(`${directory}/`)) return path.slice(directory.length + 1);
  return path;
}

/** `src/store.ts:41:17`, clickable in most terminals and editors. */
export function placeText(location: CodeLocation, directory?: string): string {
  const column = location.column === undefined ? '' : `:${location.column}`;
  return `${shortPath(location.file, directory)}:${location.line}${column}`;
}

/** Frames of Node itself, which nobody can correct. */
export function isInternal(location: CodeLocation): boolean {
  return location.file.startsWith('node:') || location.file === '';
}

/** Whether it is a line of a workspace that its authors wrote: of no package, and of nothing outside of it. */
export function isWithin(location: CodeLocation, workspace: string): boolean {
  if (isInternal(location) || location.file.includes('/node_modules/')) return false;
  const file = shortPath(location.file, workspace);
  return !file.startsWith('/') && !file.startsWith('..');
}
