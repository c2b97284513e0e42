import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import type { ProcessIdentity } from '../../platform/process-identity.js';
import { hasEnded, type ProcessStat, parseProcessStat } from '../../platform/process-stat.js';
import { processUnits } from '../../platform/process-units.js';

/** What is cheap to read of one process. */
export interface ProcessReading {
  readonly stat: ProcessStat;
  readonly residentBytes: number;
  readonly anonymousBytes: number | undefined;
  readonly descriptors: number | undefined;
}

/** `stat` holds 52 numbers of at most 20 digits and a name of 16 bytes: it always fits. */
const buffer = Buffer.allocUnsafe(2048);

/**
 * Reads one process again and again through descriptors that stay open: no path is looked up, nothing is allocated that
 * lasts, and the cost depends neither on memory nor on open files. They keep naming this very process: once it has ended,
 * reading fails, even when its pid is used again.
 */
export class ProcessReader {
  private readonly statFile: number;
  private readonly statmFile: number | undefined;
  private readonly descriptorDirectory: number | undefined;

  /** @throws {Error} when the process is gone or hidden */
  constructor(readonly identity: ProcessIdentity) {
    const directory = `/proc/${identity.pid}`;
    this.statFile = openSync(`${directory}/stat`, 'r');
    this.statmFile = tryOpen(`${directory}/statm`);
    this.descriptorDirectory = tryOpen(`${directory}/fd`);
  }

  /** @returns undefined when the process has ended */
  read(): ProcessReading | undefined {
    const stat = this.readStat();
    if (stat === undefined || hasEnded(stat) || stat.startTime !== this.identity.startTime) return undefined;
    const { pageBytes } = processUnits();
    const anonymousPages = this.readAnonymousPages();
    return {
      stat,
      residentBytes: stat.residentPages * pageBytes,
      anonymousBytes: anonymousPages === undefined ? undefined : anonymousPages * pageBytes,
      descriptors: this.countDescriptors(),
    };
  }

  private readStat(): ProcessStat | undefined {
    try {
      return parseProcessStat(buffer, readSync(this.statFile, buffer, 0, buffer.length, 0));
    } catch {
      return undefined;
    }
  }

  /** `statm`: total, resident and shared pages; shared are those of files and of shared memory. */
  private readAnonymousPages(): number | undefined {
    if (this.statmFile === undefined) return undefined;
    try {
      const length = readSync(this.statmFile, buffer, 0, buffer.length, 0);
      const [, resident, shared] = buffer.toString('latin1', 0, length).split(' ', 3).map(Number);
      return resident === undefined || shared === undefined ? undefined : resident - shared;
    } catch {
      return undefined;
    }
  }

  private countDescriptors(): number | undefined {
    try {
      if (!countsDescriptorsBySize()) return readdirSync(`/proc/${this.identity.pid}/fd`).length;
      // The size may be asked for where the directory may not be opened.
      if (this.descriptorDirectory === undefined) return statSync(`/proc/${this.identity.pid}/fd`).size;
      return fstatSync(this.descriptorDirectory).size;
    } catch {
      return undefined;
    }
  }

  close(): void {
    for (const descriptor of [this.statFile, this.statmFile, this.descriptorDirectory]) {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  }
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

let sizeIsCount: boolean | undefined;

/** Since Linux 6.2 the size of `/proc/PID/fd` is the number of descriptors; tried once on this process. */
export function countsDescriptorsBySize(): boolean {
  sizeIsCount ??= [1, 2, 3].some(() => {
    try {
      // Listing takes a descriptor itself. Other threads open files too: hence more than one try.
      return statSync('/proc/self/fd').size === readdirSync('/proc/self/fd').length - 1;
    } catch {
      return false;
    }
  });
  return sizeIsCount;
}
