import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { LogWriter } from '../storage/log-writer.js';
import { loadManifest, type Manifest, persistManifest } from '../storage/manifest.js';
import { listSegments, readSegment, removeSegment, Segment, type SegmentContents } from '../storage/segment.js';
import { readSnapshot } from '../storage/snapshot.js';
import type { DatabasePaths } from './database-paths.js';
import type { DatabaseState } from './database-state.js';

/** What a recovered state goes on with. */
export interface Recovery {
  readonly log: LogWriter;
  readonly manifest: Manifest;
  /** The log holds records that the snapshot lacks. */
  readonly isBehind: boolean;
}

const segmentBytesMax = 64 * 1024;

/**
 * Brings an empty state to where the last process left it: snapshot, then the log behind it. Works as well for a new
 * database and after a crash at any moment.
 */
export async function recover(paths: DatabasePaths, state: DatabaseState): Promise<Recovery> {
  let manifest = await loadManifest(paths.manifest);
  if (manifest === undefined) {
    manifest = { formatVersion: 1, firstSegment: 1 };
    await persistManifest(paths.manifest, manifest);
  }
  await removeUnfinished(paths, manifest);
  if (manifest.snapshot !== undefined) {
    const snapshot = await readSnapshot(join(paths.snapshots, manifest.snapshot));
    state.restore(snapshot.entries, snapshot.version);
  }
  const newest = await replaySegments(paths, state);
  const segment = await continueLog(paths, newest, manifest.firstSegment);
  const isBehind = newest !== undefined && (newest.records.length > 0 || newest.number > manifest.firstSegment);
  return { log: new LogWriter(paths.segments, segment, segmentBytesMax), manifest, isBehind };
}

/**
 * Applies all segments; records that the state has already change nothing.
 * @throws {Error} when a segment other than the newest is damaged
 */
export async function replaySegments(paths: DatabasePaths, state: DatabaseState): Promise<SegmentContents | undefined> {
  const numbers = await listSegments(paths.segments);
  let contents: SegmentContents | undefined;
  for (const number of numbers) {
    if (contents?.isTorn) throw new Error(`log segment ${contents.number} of ${paths.directory} is damaged`);
    contents = await readSegment(paths.segments, number);
    for (const record of contents.records) state.apply(record);
  }
  return contents;
}

/** What a crash left between two steps of a checkpoint. */
async function removeUnfinished(paths: DatabasePaths, manifest: Manifest): Promise<void> {
  for (const name of await readdir(paths.snapshots)) {
    if (name !== manifest.snapshot) await rm(join(paths.snapshots, name), { force: true });
  }
  for (const number of await listSegments(paths.segments)) {
    if (number < manifest.firstSegment) await removeSegment(paths.segments, number);
  }
}

async function continueLog(
  paths: DatabasePaths,
  newest: SegmentContents | undefined,
  firstSegment: number,
): Promise<Segment> {
  if (newest !== undefined && newest.validBytes > 0) {
    return Segment.openAppend(paths.segments, newest.number, newest.validBytes);
  }
  const number = newest?.number ?? firstSegment;
  await removeSegment(paths.segments, number);
  return Segment.create(paths.segments, number);
}
