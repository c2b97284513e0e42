import { systemClock } from '../../platform/clock.js';
import { monitoredCommand } from './monitored-command.js';
import type { RespClient } from './resp-client.js';
import { type Trim, trimIn } from './trim-command.js';

/** As many as are read at a floor. */
const keysMax = 20_000;
/** MONITOR sends what came before the mark within milliseconds; a server that is busy takes longer. */
const markTimeoutMs = 2_000;

/** What the commands that a server is sent allow a key to hold. */
export interface KeyLimit {
  /** The command that cuts it; absent where entries came and nothing has cut it. */
  readonly command?: string;
  readonly entriesMax: number;
}

const unlimited: KeyLimit = { entriesMax: Number.POSITIVE_INFINITY };

/** Hears with MONITOR which keys are cut to how many entries, on a connection of its own. */
export class TrimmedKeys {
  private readonly trims = new Map<string, Trim>();
  private readonly entriesAtFirst = new Map<string, number>();
  private marksSent = 0;
  private awaited: { readonly mark: string; readonly heard: AbortController } | undefined;

  private constructor(
    private readonly client: RespClient,
    /** Of the connection. */
    readonly clientId: number,
  ) {}

  /** @param client of no other use from then on */
  static async hear(client: RespClient): Promise<TrimmedKeys> {
    const trimmed = new TrimmedKeys(client, Number(await client.call('CLIENT', 'ID')));
    await client.follow('MONITOR', (line) => trimmed.take(String(line)));
    return trimmed;
  }

  /** Waits until all has been heard that the server was sent before. */
  async catchUp(other: RespClient): Promise<void> {
    this.marksSent += 1;
    const mark = `plateau-${this.marksSent}`;
    const heard = new AbortController();
    this.awaited = { mark, heard };
    await other.call('PING', mark);
    await systemClock.wait(markTimeoutMs, heard.signal);
  }

  /** @returns undefined of a key that was asked for before, and to which no entries have come since */
  limitOf(database: number, key: string, entries: number): KeyLimit | undefined {
    const name = nameOf(database, key);
    const atFirst = this.entriesAtFirst.get(name);
    if (atFirst === undefined && this.entriesAtFirst.size < keysMax) this.entriesAtFirst.set(name, entries);
    const trim = this.trims.get(name);
    if (trim !== undefined) return entries > trim.entriesMax ? unlimited : trim;
    return atFirst === undefined || entries > atFirst ? unlimited : undefined;
  }

  close(): void {
    this.client.close();
  }

  private take(line: string): void {
    const trim = trimIn(line);
    if (trim === undefined) {
      const mark = monitoredCommand(line, ping)?.words[0];
      if (mark !== undefined && mark === this.awaited?.mark) this.awaited.heard.abort();
      return;
    }
    const name = nameOf(trim.database, trim.key);
    if (this.trims.has(name) || this.trims.size < keysMax) this.trims.set(name, trim);
  }
}

const ping: ReadonlySet<string> = new Set(['PING']);

function nameOf(database: number, key: string): string {
  return `${database} ${key}`;
}
