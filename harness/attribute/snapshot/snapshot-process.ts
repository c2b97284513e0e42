/** Reads heap snapshots in a process of its own: gets a `SnapshotPair`, answers with a `SnapshotAnalysis`, ends. */
import { analyseSnapshots, type SnapshotPair } from './analyse-snapshots.js';

process.once('message', (pair: SnapshotPair) => {
  process.send?.(analyseSnapshots(pair), () => process.disconnect());
});
