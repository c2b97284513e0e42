import { monitoredCommand } from './monitored-command.js';

/** A command that cuts a key down to so many entries. */
export interface Trim {
  readonly database: number;
  readonly key: string;
  /** `LTRIM` */
  readonly command: string;
  readonly entriesMax: number;
}

/** With `~` a stream keeps whole nodes: as many entries more as a node has by default (`stream-node-max-entries`). */
const entriesOfNode = 100;

type Cut = (words: readonly string[]) => number | undefined;

/** What is left of a key, by the command that cuts it and the words behind the key. */
const cuts: ReadonlyMap<string, Cut> = new Map<string, Cut>([
  ['LTRIM', ([start, stop]) => between(Number(start), Number(stop))],
  ['ZREMRANGEBYRANK', ([start, stop]) => beside(Number(start), Number(stop))],
  ['XTRIM', lengthIn],
  ['XADD', lengthIn],
]);

/** Reads a line of MONITOR; undefined for every other command, and where a cut leaves no fixed number of entries. */
export function trimIn(line: string): Trim | undefined {
  const monitored = monitoredCommand(line, cuts);
  if (monitored === undefined) return undefined;
  const { database, command, words } = monitored;
  const [key, ...others] = words;
  const entriesMax = cuts.get(command)!(others);
  if (key === undefined || entriesMax === undefined || !(entriesMax > 0)) return undefined;
  return { database, key, command, entriesMax };
}

/** Elements from one index to another that are kept; those below zero count from the end. */
function between(start: number, stop: number): number | undefined {
  return start < 0 === stop < 0 ? stop - start + 1 : undefined;
}

/** Members beside those of some ranks, which are removed: all but the highest, or all but the lowest. */
function beside(start: number, stop: number): number | undefined {
  if (start === 0 && stop < 0) return -stop - 1;
  return start > 0 && stop === -1 ? start : undefined;
}

/** `MAXLEN ~ 1000` before the entry of a stream. */
function lengthIn(words: readonly string[]): number | undefined {
  const at = words[0]?.toUpperCase() === 'NOMKSTREAM' ? 1 : 0;
  if (words[at]?.toUpperCase() !== 'MAXLEN') return undefined;
  const mode = words[at + 1];
  const length = Number(mode === '~' || mode === '=' ? words[at + 2] : mode);
  return mode === '~' ? length + entriesOfNode : length;
}
