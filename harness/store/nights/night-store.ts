import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  futimesSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { NightEvent, NightPlan, NightRecord } from '../../model/night.js';
import { createRedactor, redacted } from '../../model/redact.js';
import type { OwnerIdentity } from '../../model/run-log.js';
import { makeDirectory } from '../make-directory.js';
import { ownerSchema } from '../manifest-schema.js';
import { checkedJson } from '../read-json.js';
import { makeOutDirectory } from '../run-store.js';
import { storeError } from '../store-error.js';
import { directoryMode, fileMode, flushDirectory, writeFileAtomic } from '../write-file.js';

/** Names within the directory of a night. */
export const nightFiles = {
  plan: 'plan.json',
  journal: 'journal.ndjson',
  record: 'night.json',
  claims: 'claims',
  /** An output directory of its own: canaries are no part of history. */
  canaries: 'canaries',
  buildLog: 'build.log',
} as const;

const moment = z.iso.datetime();
const entry = z.looseObject({ name: z.string(), scenario: z.string() });

/** What is read of these files by whoever did not write them; the rest is kept as it was written. */
const shapes = {
  plan: z.looseObject({ id: z.string(), startedAt: moment, fingerprint: z.string(), entries: z.array(entry) }),
  event: z.looseObject({ event: z.string(), at: moment, elapsedMs: z.number() }),
  record: z.looseObject({ verdict: z.string(), reason: z.string(), entries: z.array(entry) }),
} as const;

export function nightsDirectory(outDirectory: string): string {
  return join(outDirectory, 'nights');
}

/** Ids of the nights of an output directory, oldest first. */
export function listNights(outDirectory: string): string[] {
  const nights = resolve(nightsDirectory(outDirectory));
  try {
    return readdirSync(nights)
      .filter((id) => existsSync(join(nights, id, nightFiles.plan)))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw storeError('read', nights, error);
  }
}

/** A night as it lies on disk. */
export interface StoredNight {
  /** Absolute. */
  readonly directory: string;
  readonly plan: NightPlan;
  readonly events: readonly NightEvent[];
  /** Who had it last; absent when nobody ever claimed it. */
  readonly owner?: OwnerIdentity;
  /** When its owner last gave a sign of life, ms since 1970. */
  readonly seenEpochMs: number;
}

/** @throws {PlateauError} `PLATEAU_INVALID_RUN` when plan or journal are damaged, `PLATEAU_STORE` */
export function readNight(outDirectory: string, id: string): StoredNight {
  const directory = resolve(nightsDirectory(outDirectory), id);
  const owner = lastClaim(directory)?.owner;
  const journal = join(directory, nightFiles.journal);
  return {
    directory,
    plan: readShaped<NightPlan>(join(directory, nightFiles.plan), shapes.plan),
    events: readJournal(journal),
    ...(owner !== undefined && { owner }),
    seenEpochMs: statSync(journal, { throwIfNoEntry: false })?.mtimeMs ?? statSync(directory).mtimeMs,
  };
}

/** What a night has come to; undefined while it is not over. @throws {PlateauError} `PLATEAU_INVALID_RUN` */
export function readNightRecord(directory: string): NightRecord | undefined {
  const path = join(directory, nightFiles.record);
  return existsSync(path) ? readShaped<NightRecord>(path, shapes.record) : undefined;
}

function readShaped<Value>(path: string, shape: z.ZodType): Value {
  return checkedJson(path, readFileSync(path, 'utf8'), shape) as Value;
}

/** Makes the directory of a night and writes its plan, before anything is run. @throws {PlateauError} `PLATEAU_STORE` */
export function createNight(outDirectory: string, plan: NightPlan): string {
  const directory = resolve(nightsDirectory(outDirectory), plan.id);
  try {
    makeOutDirectory(resolve(outDirectory));
    makeDirectory(join(directory, nightFiles.claims), directoryMode);
  } catch (error) {
    throw storeError('make', directory, error);
  }
  writeFileAtomic(join(directory, nightFiles.plan), jsonText(plan));
  return directory;
}

export function writeNightRecord(directory: string, record: NightRecord): void {
  writeFileAtomic(join(directory, nightFiles.record), jsonText(record));
}

/** Without the secrets that reasons and commands may hold. */
function jsonText(value: NightPlan | NightRecord): string {
  return `${JSON.stringify(redacted(value, createRedactor(process.env)), undefined, 2)}\n`;
}

/**
 * Takes a night over: of several that try at once, one gets it.
 * @param after how many claims there were when it was seen to be free
 */
export function claimNight(directory: string, owner: OwnerIdentity, after: number): boolean {
  const claims = join(directory, nightFiles.claims);
  const own = join(claims, `.${owner.pid}-${owner.startTime}`);
  try {
    writeFileSync(own, JSON.stringify(owner), { mode: fileMode });
    // A link appears with its content, and fails when somebody else was faster.
    linkSync(own, join(claims, String(after + 1)));
    flushDirectory(claims);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw storeError('claim', directory, error);
  } finally {
    rmSync(own, { force: true });
  }
}

/** How often a night was claimed. */
export function claimsOf(directory: string): number {
  return lastClaim(directory)?.number ?? 0;
}

function lastClaim(directory: string): { number: number; owner: OwnerIdentity } | undefined {
  const claims = join(directory, nightFiles.claims);
  const numbers = existsSync(claims)
    ? readdirSync(claims)
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
    : [];
  if (numbers.length === 0) return undefined;
  const number = Math.max(...numbers);
  return { number, owner: readShaped<OwnerIdentity>(join(claims, String(number)), ownerSchema) };
}

/** Whole lines of a journal; a last one without a line feed was cut short by a crash, and never counted. */
function readJournal(path: string): NightEvent[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const place = `${path}:${index + 1}`;
    return checkedJson(place, line, shapes.event) as unknown as NightEvent;
  });
}

/** Appends to the journal of a night; what a call has taken survives `kill -9` and a power cut. */
export class NightJournal {
  private readonly path: string;
  private readonly descriptor: number;
  private readonly redact = createRedactor(process.env);

  constructor(directory: string) {
    this.path = join(directory, nightFiles.journal);
    try {
      const whole = existsSync(this.path) ? readFileSync(this.path).lastIndexOf(0x0a) + 1 : 0;
      this.descriptor = openSync(this.path, 'a', fileMode);
      ftruncateSync(this.descriptor, whole);
    } catch (error) {
      throw storeError('write', this.path, error);
    }
  }

  append(event: NightEvent): void {
    const bytes = Buffer.from(`${JSON.stringify(redacted(event, this.redact))}\n`);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
      fdatasyncSync(this.descriptor);
    } catch (error) {
      throw storeError('write', this.path, error);
    }
  }

  /** A sign of life, for those who cannot see this process. */
  beat(nowEpochMs: number): void {
    // Of the open file: one whose directory was removed ends the night with the next event, not here.
    futimesSync(this.descriptor, nowEpochMs / 1000, nowEpochMs / 1000);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
