import type { CodeLocation, Suspect } from '../../harness/model/run-record.js';
import { isInternal, placeText } from '../format/location.js';

/** Calls that lead to suspects, outermost first; a chain without branches is one node. */
export interface SiteNode {
  readonly frames: readonly CodeLocation[];
  /** Sum over the suspects below, per cycle. */
  readonly perCycle: number;
  readonly children: readonly SiteNode[];
  /** Indexes of the suspects that end here. */
  readonly suspects: readonly number[];
}

interface Growing {
  frames: CodeLocation[];
  perCycle: number;
  children: Map<string, Growing>;
  suspects: number[];
}

/** Suspects of one metric as a tree of their call stacks. */
export function siteTree(suspects: readonly { readonly suspect: Suspect; readonly index: number }[]): SiteNode {
  const root = nodeOf([]);
  for (const { suspect, index } of suspects) {
    let node = root;
    node.perCycle += suspect.perCycle.estimate;
    for (const frame of framesOf(suspect)) {
      const key = `${frame.function ?? ''} ${placeText(frame)}`;
      const child = node.children.get(key) ?? nodeOf([frame]);
      node.children.set(key, child);
      child.perCycle += suspect.perCycle.estimate;
      node = child;
    }
    node.suspects.push(index);
  }
  return settled(root);
}

/** Outermost first, without Node's own frames; the headline alone where no stack was kept. */
function framesOf({ stack, location }: Suspect): readonly CodeLocation[] {
  const own = (stack ?? []).filter((frame) => !isInternal(frame)).reverse();
  if (own.length > 0) return own;
  return location === undefined ? [] : [location];
}

function nodeOf(frames: CodeLocation[]): Growing {
  return { frames, perCycle: 0, children: new Map(), suspects: [] };
}

/** Chains folded, the largest branch first. */
function settled(node: Growing): SiteNode {
  const only = node.children.size === 1 && node.suspects.length === 0 ? [...node.children.values()][0] : undefined;
  if (only !== undefined && node.frames.length > 0) {
    only.frames = [...node.frames, ...only.frames];
    return settled(only);
  }
  const children = [...node.children.values()].map(settled).sort((one, other) => other.perCycle - one.perCycle);
  return { ...node, children };
}
