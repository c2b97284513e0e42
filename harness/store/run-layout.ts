import { join } from 'node:path';

/** Where plateau keeps runs unless set otherwise, under the working directory. */
export const defaultOutDirectory = '.plateau';

/** Names within a run directory. */
export const runFiles = {
  manifest: 'manifest.json',
  samples: 'samples.ndjson',
  record: 'run.json',
  report: 'report.html',
  /** Output of the target, bounded. */
  targetLog: 'target.log',
  /** The pass of `--thorough`, laid out like a run. */
  interpreterPass: 'interpreter-only',
  attributionDirectory: 'attribution',
  attribution: join('attribution', 'attribution.json'),
} as const;

export function runsDirectory(outDirectory: string): string {
  return join(outDirectory, 'runs');
}

/** The history of an output directory, an SQLite database. */
export const historyFile = 'history.sqlite';
