import { readFileSync, readlinkSync } from 'node:fs';

/** What `/proc/PID/stat` says of a process, proc_pid_stat(5). Times in clock ticks. */
export interface ProcessStat {
  readonly pid: number;
  /** Name of the executable, at most 15 bytes. */
  readonly name: string;
  /** `R`, `S`, `D`, `T`, `Z`, ... */
  readonly state: string;
  readonly parentPid: number;
  readonly processGroup: number;
  readonly session: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  /** Of children that ended and were waited for, theirs included. */
  readonly childrenTicks: number;
  readonly threads: number;
  /** Ticks since boot: with the pid it names a process for as long as the machine is up. */
  readonly startTime: number;
  readonly residentPages: number;
}

const openParenthesis = 0x28;
const closeParenthesis = 0x29;
const space = 0x20;
const minus = 0x2d;
const digitZero = 0x30;
/** Numbers after the state: fields 4 (parent) to 24 (resident pages). */
const numberCount = 21;
const numbers = new Float64Array(numberCount);

/**
 * Reads one line of `/proc/PID/stat`; the name may hold anything, spaces and parentheses too.
 * @returns undefined when the line is cut short
 */
export function parseProcessStat(bytes: Buffer, length = bytes.length): ProcessStat | undefined {
  const nameStart = bytes.indexOf(openParenthesis);
  const nameEnd = bytes.lastIndexOf(closeParenthesis, length - 1);
  if (nameStart < 0 || nameEnd < nameStart) return undefined;
  if (!parseNumbers(bytes, nameEnd + 4, length)) return undefined;
  const at = (field: number): number => numbers[field - 4] as number;
  return {
    pid: Number.parseInt(bytes.toString('latin1', 0, nameStart), 10),
    name: bytes.toString('utf8', nameStart + 1, nameEnd),
    state: String.fromCharCode(bytes[nameEnd + 2] as number),
    parentPid: at(4),
    processGroup: at(5),
    session: at(6),
    userTicks: at(14),
    systemTicks: at(15),
    childrenTicks: at(16) + at(17),
    threads: at(20),
    startTime: at(22),
    residentPages: at(24),
  };
}

/** Fills `numbers` from decimal numbers parted by one space; false when there are too few. */
function parseNumbers(bytes: Buffer, start: number, length: number): boolean {
  let position = start;
  for (let index = 0; index < numberCount; index += 1) {
    const negative = bytes[position] === minus;
    if (negative) position += 1;
    const firstDigit = position;
    let value = 0;
    for (let byte = bytes[position] as number; position < length && byte > space; byte = bytes[position] as number) {
      value = value * 10 + byte - digitZero;
      position += 1;
    }
    if (position === firstDigit) return false;
    numbers[index] = negative ? -value : value;
    position += 1;
  }
  return true;
}

/** `/proc/PID/stat` of a process; undefined when there is none, or when it may not be seen. */
export function readProcessStat(pid: number | 'self'): ProcessStat | undefined {
  const bytes = readProcFile(`/proc/${pid}/stat`);
  return bytes === undefined ? undefined : parseProcessStat(bytes);
}

/** Ended, though its parent has not yet taken notice: holds no memory and no descriptors, cannot be signalled. */
export function hasEnded(stat: ProcessStat): boolean {
  return stat.state === 'Z' || stat.state === 'X';
}

/** Value of a variable in the environment that a process was started with; undefined where it has none, or may not be read. */
export function readProcessVariable(pid: number, name: string): string | undefined {
  const environment = readProcFile(`/proc/${pid}/environ`);
  if (environment === undefined) return undefined;
  const prefix = `${name}=`;
  let start = environment.indexOf(prefix);
  while (start > 0 && environment[start - 1] !== 0) start = environment.indexOf(prefix, start + 1);
  if (start < 0) return undefined;
  const end = environment.indexOf(0, start);
  return environment.toString('utf8', start + prefix.length, end < 0 ? undefined : end);
}

/** Where a link leads that may vanish or be forbidden at any moment; then undefined. */
export function readProcLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** Whole content of a file that may vanish or be forbidden at any moment; then undefined. */
export function readProcFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
