import type { GrowingGroup } from './growing-group.js';
import { addSlopes, haveSimilarSize } from './slope.js';

/**
 * A connection of a process to itself has two ends: the accepted one comes and stays because the other does, and so
 * both are one group, that of the connecting end.
 */
export function joinOwnPeers(groups: readonly GrowingGroup[]): GrowingGroup[] {
  const joined = [...groups];
  for (const accepted of groups.filter(isAccepted)) {
    const index = joined.findIndex((group) => connectsTo(group, accepted));
    const connecting = joined[index];
    if (connecting === undefined) continue;
    // One of two ends may be unref-ed, and is then not counted as active.
    const slope = connecting.type === accepted.type ? addSlopes(connecting.slope, accepted.slope) : accepted.slope;
    joined[index] = { ...connecting, type: accepted.type, slope };
    joined.splice(joined.indexOf(accepted), 1);
  }
  return joined;
}

function isAccepted({ kind, frames }: GrowingGroup): boolean {
  const sockets = kind === 'descriptor' || kind === 'handle';
  return sockets && frames.some(([file, , , name]) => file.startsWith('node:') && acceptingFunctions.test(name));
}

const acceptingFunctions = /(?:^|\.)(?:createServerHandle|onconnection|setupListenHandle)$/;

function connectsTo(group: GrowingGroup, accepted: GrowingGroup): boolean {
  if (group === accepted || group.kind !== accepted.kind || isAccepted(group)) return false;
  if (!haveSimilarSize(group.slope.estimate, accepted.slope.estimate)) return false;
  const peers = new Set(group.examples.map((example) => example.split(' -> ')[1]));
  return accepted.examples.some((example) => peers.has(example.split(' -> ')[0]));
}
