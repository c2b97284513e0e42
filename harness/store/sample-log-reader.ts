import type { RunEvent } from '../model/run-log.js';
import type { SampleTable } from '../model/sample.js';
import { SampleTableBuilder } from '../model/sample-table.js';
import { thrownMessage } from '../model/thrown.js';
import { invalidRun } from './read-json.js';
import { type LinesRead, readLines } from './read-lines.js';
import { SampleLogDecoder } from './sample-log.js';
import { storeError } from './store-error.js';

export interface SampleLog {
  readonly samples: SampleTable;
  readonly events: readonly RunEvent[];
}

/**
 * Reads a log of samples, and then what was written since. Memory: 8 bytes a value and the events, of which only the last
 * `latency` and `failures` are kept (they hold all that the earlier ones did).
 */
export class SampleLogReader {
  private readonly builder = new SampleTableBuilder();
  private readonly events: RunEvent[] = [];
  private readonly last = new Map<string, number>();
  private readonly decoder = new SampleLogDecoder(this.builder, (event) => this.add(event));
  private read: LinesRead = { bytes: 0, lines: 0 };

  constructor(private readonly path: string) {}

  /** Every whole line until now. The table shares memory with the reader: do not use it once the reader has read on. */
  async readOn(): Promise<SampleLog> {
    return this.readTo('a whole line');
  }

  /** Everything, as of a run that is over: also a last line whose line feed is missing. */
  async readAll(): Promise<SampleLog> {
    return this.readTo('the end');
  }

  private async readTo(end: 'a whole line' | 'the end'): Promise<SampleLog> {
    try {
      this.read = await readLines(
        this.path,
        (line, number, terminated) => {
          if (terminated || end === 'the end') this.line(line, number, terminated);
        },
        this.read,
      );
    } catch (error) {
      // Killed between the manifest and the first sample.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storeError('read', this.path, error);
    }
    return { samples: this.builder.table(), events: [...this.events] };
  }

  private line(line: string, number: number, terminated: boolean): void {
    try {
      this.decoder.line(line);
    } catch (error) {
      if (!terminated) return;
      throw invalidRun(
        `${this.path}:${number}: ${thrownMessage(error)}`,
        'the file was changed or damaged there; take the line out to judge the rest',
        error,
      );
    }
  }

  private add(event: RunEvent): void {
    const replaces = event.event === 'latency' || event.event === 'failures' ? this.last.get(event.event) : undefined;
    if (replaces === undefined) this.last.set(event.event, this.events.push(event) - 1);
    else this.events[replaces] = event;
  }
}
