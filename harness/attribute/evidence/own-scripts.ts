import { fileURLToPath } from 'node:url';

const ownDirectoryUrl = new URL('../../', import.meta.url);

/** The agent's files and plateau's own, as scripts of the target are named: paths and urls that theirs begin with. */
export const ownScripts: readonly string[] = [ownDirectoryUrl.href, fileURLToPath(ownDirectoryUrl)];
