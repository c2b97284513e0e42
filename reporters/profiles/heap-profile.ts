import { pathToFileURL } from 'node:url';
import type { CodeLocation, RunRecord } from '../../harness/model/run-record.js';
import { keptStacks } from './kept-stacks.js';

/** As DevTools saves and loads it; lines and columns are 0-based. */
interface ProfileNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  selfSize: number;
  readonly id: number;
  readonly children: ProfileNode[];
}

/** What a run left in memory, by call stack: a `.heapprofile` for DevTools and speedscope. */
export function heapProfileReport(record: RunRecord): string {
  let lastId = 0;
  const nodeOf = (location: CodeLocation | undefined): ProfileNode => {
    lastId += 1;
    return { callFrame: callFrameOf(location), selfSize: 0, id: lastId, children: [] };
  };
  const head = nodeOf(undefined);
  const samples: { size: number; nodeId: number; ordinal: number }[] = [];
  for (const { frames, bytes } of keptStacks(record)) {
    let node = head;
    for (const frame of frames) {
      const wanted = JSON.stringify(callFrameOf(frame));
      let child = node.children.find(({ callFrame }) => JSON.stringify(callFrame) === wanted);
      if (child === undefined) {
        child = nodeOf(frame);
        node.children.push(child);
      }
      node = child;
    }
    node.selfSize += bytes;
    samples.push({ size: bytes, nodeId: node.id, ordinal: samples.length + 1 });
  }
  return `${JSON.stringify({ head, samples })}\n`;
}

function callFrameOf(location: CodeLocation | undefined): ProfileNode['callFrame'] {
  if (location === undefined)
    return { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };
  const { file, line, column = 1, function: functionName = '' } = location;
  const url = file.startsWith('/') ? pathToFileURL(file).href : file;
  return { functionName, scriptId: '0', url, lineNumber: line - 1, columnNumber: column - 1 };
}
