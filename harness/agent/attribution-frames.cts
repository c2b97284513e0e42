import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RawFrame } from '../model/attribution-protocol.js' with { 'resolution-mode': 'import' };

/** Frames of call stacks, each kept once and named by its index. */
export interface FrameTable {
  readonly frames: readonly RawFrame[];
  ofFrame(frame: RawFrame): number;
  /** What a frame says of itself takes seven calls into V8; two show whether it is known. */
  ofSite(site: NodeJS.CallSite): number;
}

const ownDirectory = path.dirname(__dirname) + path.sep;
const ownUrl = pathToFileURL(ownDirectory).href;
/** Files of plateau travel as `plateau:agent/agent.cjs`. */
export const ownFilePrefix = 'plateau:';

export function createFrameTable(): FrameTable {
  const frames: RawFrame[] = [];
  const indices = new Map<string, number>();
  /** By script and position in it. */
  const siteIndices = new Map<string, Map<number, number>>();

  const ofFrame = ([file, line, column, functionName]: RawFrame): number => {
    const masked = maskOwn(file);
    const key = `${masked}\n${line}\n${column}\n${functionName}`;
    let index = indices.get(key);
    if (index === undefined) {
      index = frames.push([masked, line, column, functionName]) - 1;
      indices.set(key, index);
    }
    return index;
  };
  return {
    frames,
    ofFrame,
    ofSite(site) {
      const script = site.getScriptNameOrSourceURL() ?? '';
      // Code without a name has no position of its own.
      if (script === '') return ofFrame(describe(site, script));
      let known = siteIndices.get(script);
      if (known === undefined) {
        known = new Map();
        siteIndices.set(script, known);
      }
      const position = site.getPosition();
      let index = known.get(position);
      if (index === undefined) {
        index = ofFrame(describe(site, script));
        known.set(position, index);
      }
      return index;
    },
  };
}

function maskOwn(file: string): string {
  if (file.startsWith(ownDirectory)) return ownFilePrefix + file.slice(ownDirectory.length);
  return file.startsWith(ownUrl) ? ownFilePrefix + file.slice(ownUrl.length) : file;
}

function describe(site: NodeJS.CallSite, script: string): RawFrame {
  return [script, site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0, nameOf(site)];
}

/** Receivers that say nothing: module namespaces and plain objects. */
const plainTypes: ReadonlySet<string> = new Set(['Object', 'Module', 'global']);

/** As in a stack trace: `new Session`, `Server.accept`, `handle`. */
function nameOf(site: NodeJS.CallSite): string {
  const functionName = site.getFunctionName() ?? '';
  if (site.isConstructor()) return `new ${functionName === '' ? '<anonymous>' : functionName}`;
  const typeName = site.isToplevel() ? null : site.getTypeName();
  if (functionName === '' || typeName === null || plainTypes.has(typeName) || functionName.includes('.')) {
    return functionName;
  }
  return `${typeName}.${functionName}`;
}
