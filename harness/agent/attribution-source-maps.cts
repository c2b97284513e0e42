import type inspector from 'node:inspector';
import { ask } from './inspector-session.cjs';

export interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL?: string;
}

/** Every loaded script, by its id. */
export function readScripts(session: inspector.Session): Map<string, Script> {
  const scripts = new Map<string, Script>();
  const note = ({ params }: { readonly params: Script }) => void scripts.set(params.scriptId, params);
  session.on('Debugger.scriptParsed', note);
  ask(session, 'Debugger.enable');
  ask(session, 'Debugger.disable');
  session.off('Debugger.scriptParsed', note);
  return scripts;
}

/**
 * The source map of every loaded script that names one: also of code that a loader made in memory, whose file holds
 * the source and no map.
 * @returns by script url: the map's url, relative to the script, or `data:` with the map itself
 */
export function readSourceMapUrls(session: inspector.Session): Record<string, string> {
  return sourceMapUrlsOf(readScripts(session).values());
}

export function sourceMapUrlsOf(scripts: Iterable<Script>): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const { url, sourceMapURL } of scripts)
    if (sourceMapURL !== undefined && sourceMapURL !== '') urls[url] = sourceMapURL;
  return urls;
}
