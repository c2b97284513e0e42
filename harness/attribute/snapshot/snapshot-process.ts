/** Reads heap snapshots in a process of its own: gets a `SnapshotPair`, answers with a `SnapshotAnalysis`, ends. */
import { analyseSnapshots, type SnapshotPair } from './analyse-snapshots.js';

process.once('message', (pair: SnapshotPair) => {
  // Running out of work, it would wait for functions that are being compiled: for ever at times (nodejs/node#54918).
  process.send?.(analyseSnapshots(pair), () => process.exit());
});
