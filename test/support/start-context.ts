import { join } from 'node:path';
import type { StartContext } from '../../harness/target/start-context.js';

/** What starts a target of a test, with everything in one directory. */
export function startContext(directory: string, own: Partial<StartContext> = {}): StartContext {
  return {
    name: 'test',
    baseDirectory: directory,
    ownerDirectory: directory,
    temporaryDirectory: directory,
    dataDirectory: join(directory, 'data'),
    ownerMarker: '',
    logPath: join(directory, 'target.log'),
    redact: (text) => text,
    interpreterOnly: false,
    findListener: () => undefined,
    warn: () => undefined,
    signal: new AbortController().signal,
    ...own,
  };
}
