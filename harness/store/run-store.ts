import { closeSync, existsSync, fdatasync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PlateauError } from '../model/errors.js';
import { createRedactor, type Redact, redacted } from '../model/redact.js';
import type { Attribution, Manifest, RunEvent } from '../model/run-log.js';
import type { RunRecord } from '../model/run-record.js';
import type { Sample } from '../model/sample.js';
import { makeDirectory } from './make-directory.js';
import { runFiles, runsDirectory } from './run-layout.js';
import { SampleLogEncoder } from './sample-log.js';
import { storeError } from './store-error.js';
import { directoryMode, fileMode, flushDirectory, writeFileAtomic } from './write-file.js';

const flushFile = promisify(fdatasync);

/**
 * Writes a run as it goes. What a call has taken survives `kill -9` of plateau from the moment the call returns,
 * and a power cut once the promise of a floor has resolved. Holds nothing that grows with the run.
 * Every method throws {@link PlateauError} `PLATEAU_STORE` when the disk refuses; what was written before stays readable.
 * Secrets are taken out of the manifest, of events and of causes before they are written, and so of all that is made of them.
 */
export interface RunStore {
  /** Absolute; 0700. */
  readonly directory: string;
  /** What is kept of a text. */
  readonly redact: Redact;
  /** Appends at once; resolves when a floor has reached the disk, at once for load samples. */
  writeSample(sample: Sample): Promise<void>;
  /** Appends at once; reaches the disk with the next floor or with `close`. */
  writeEvent(event: RunEvent): void;
  /** What was taken so far reaches the disk. @throws {PlateauError} also where the directory was removed or renamed */
  flush(): Promise<void>;
  /** `attribution/attribution.json`, whole or not at all. */
  writeAttribution(attribution: Attribution): void;
  /** Absolute path of a file to write within the directory (a log, a snapshot); makes its directory, 0700. */
  pathFor(...names: string[]): string;
  /** Flushes and closes; may be called again. */
  close(): Promise<void>;
}

/**
 * Makes `<outDirectory>/runs/<manifest.id>/` and writes the manifest, before anything else happens in a run.
 * @throws {PlateauError} `PLATEAU_STORE` when the directory cannot be made or is there already
 */
export function createRunStore(
  outDirectory: string,
  manifest: Manifest,
  redact: Redact = createRedactor(process.env),
): RunStore {
  const directory = resolve(runsDirectory(outDirectory), manifest.id);
  makeRunDirectory(resolve(outDirectory), directory);
  writeManifest(directory, manifest, redact);
  return new DiskRunStore(directory, redact);
}

/**
 * A further pass of a run, in a directory of its own below the run's; `loadRun` finds it there.
 * @throws {PlateauError} `PLATEAU_STORE`
 */
export function createPassStore(run: RunStore, name: string, manifest: Manifest): RunStore {
  const directory = dirname(run.pathFor(name, runFiles.manifest));
  writeManifest(directory, manifest, run.redact);
  return new DiskRunStore(directory, run.redact);
}

function writeManifest(directory: string, manifest: Manifest, redact: Redact): void {
  const text = JSON.stringify(redacted(manifest, redact), undefined, 2);
  writeFileAtomic(join(directory, runFiles.manifest), `${text}\n`);
}

/** @throws {PlateauError} `PLATEAU_STORE` */
export function makeOutDirectory(outDirectory: string): void {
  try {
    const created = makeDirectory(outDirectory, directoryMode);
    // A directory of our own making stays out of version control: snapshots can hold secrets.
    if (created) writeFileAtomic(join(outDirectory, '.gitignore'), '*\n');
  } catch (error) {
    throw storeError('make', outDirectory, error);
  }
}

function makeRunDirectory(outDirectory: string, directory: string): void {
  makeOutDirectory(outDirectory);
  try {
    makeDirectory(dirname(directory), directoryMode);
    mkdirSync(directory, { mode: directoryMode });
    flushDirectory(dirname(directory));
  } catch (error) {
    throw storeError('make', directory, error);
  }
}

/** Appends whole lines: one that did not fit is taken back, so that what comes later does not stick to its rest. */
class DiskRunStore implements RunStore {
  private readonly encoder = new SampleLogEncoder();
  private readonly path: string;
  private descriptor: number | undefined;
  private length = 0;

  constructor(
    readonly directory: string,
    readonly redact: Redact,
  ) {
    this.path = join(directory, runFiles.samples);
    try {
      this.descriptor = openSync(this.path, 'ax', fileMode);
    } catch (error) {
      throw storeError('write', this.path, error);
    }
  }

  async writeSample(sample: Sample): Promise<void> {
    this.append(this.encoder.sample(sample));
    if (sample.kind === 'floor') await this.flush();
  }

  writeEvent(event: RunEvent): void {
    this.append(this.encoder.event(redacted(event, this.redact)));
  }

  writeAttribution(attribution: Attribution): void {
    writeFileAtomic(this.pathFor(runFiles.attribution), `${JSON.stringify(redacted(attribution, this.redact))}\n`);
  }

  pathFor(...names: string[]): string {
    const path = join(this.directory, ...names);
    try {
      makeDirectory(dirname(path), directoryMode);
    } catch (error) {
      throw storeError('make', dirname(path), error);
    }
    return path;
  }

  async close(): Promise<void> {
    const { descriptor } = this;
    if (descriptor === undefined) return;
    try {
      await this.flush();
    } finally {
      this.descriptor = undefined;
      closeSync(descriptor);
    }
  }

  private append(lines: string): void {
    const { descriptor } = this;
    if (descriptor === undefined) throw storeError('write', this.path, new Error('it is closed'));
    const bytes = Buffer.from(lines);
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(descriptor, bytes, written);
      this.length += bytes.length;
    } catch (error) {
      this.encoder.announceAgain();
      if (written > 0) ftruncateSync(descriptor, this.length);
      throw storeError('write', this.path, error);
    }
  }

  async flush(): Promise<void> {
    try {
      if (this.descriptor !== undefined) await flushFile(this.descriptor);
    } catch (error) {
      throw storeError('flush', this.path, error);
    }
    // The system goes on to write into a file that has no name any more.
    if (this.descriptor !== undefined && !existsSync(this.path)) throw goneError(this.directory);
  }
}

function goneError(directory: string): PlateauError {
  return new PlateauError(
    'PLATEAU_STORE',
    `${directory}: expected the directory of the run until its end, got none: it was removed or renamed in mid-run`,
    { hint: 'run again; where it was renamed, `plateau analyse <directory>` judges what was sampled' },
  );
}

/** Writes `run.json` beside the samples, whole or not at all. @throws {PlateauError} `PLATEAU_STORE` */
export function writeRunRecord(directory: string, record: RunRecord): void {
  writeFileAtomic(join(directory, runFiles.record), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** Writes `report.html` beside the samples, whole or not at all. @throws {PlateauError} `PLATEAU_STORE` */
export function writeReport(directory: string, html: string | Uint8Array): string {
  const path = join(directory, runFiles.report);
  writeFileAtomic(path, html);
  return path;
}
