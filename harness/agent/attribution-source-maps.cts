import type inspector from 'node:inspector';
import { ask } from './inspector-session.cjs';

interface ParsedScript {
  readonly params: { readonly url: string; readonly sourceMapURL?: string };
}

/**
 * The source map of every loaded script that names one: also of code that a loader made in memory, whose file holds
 * the source and no map.
 * @returns by script url: the map's url, relative to the script, or `data:` with the map itself
 */
export function readSourceMapUrls(session: inspector.Session): Record<string, string> {
  const urls: Record<string, string> = {};
  const note = ({ params: { url, sourceMapURL } }: ParsedScript) => {
    if (sourceMapURL !== undefined && sourceMapURL !== '') urls[url] = sourceMapURL;
  };
  session.on('Debugger.scriptParsed', note);
  ask(session, 'Debugger.enable');
  ask(session, 'Debugger.disable');
  session.off('Debugger.scriptParsed', note);
  return urls;
}
