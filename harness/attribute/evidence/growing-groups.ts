import type { RawFrame, ResourceGroup } from '../../model/attribution-protocol.js';
import type { EvidenceRound } from './attribution-session.js';
import { framesOf, ownerOf, targetFrames } from './frames.js';
import type { GrowingGroup } from './growing-group.js';
import { keepsGrowing, type Point, slopeOf } from './slope.js';
import { joinOwnPeers } from './socket-peers.js';

interface GroupSeries {
  latest: ResourceGroup;
  frames: readonly RawFrame[];
  readonly counts: Map<number, number>;
}

/** Groups whose count keeps growing, steepest first. Stacks with the same innermost frame of the target are one. */
export function growingGroups(rounds: readonly EvidenceRound[]): GrowingGroup[] {
  const read = rounds.filter(({ resources }) => resources !== undefined);
  const series = new Map<string, GroupSeries>();
  for (const { cycles, resources } of read) {
    for (const group of resources?.groups ?? []) {
      const frames = framesOf(resources!, group.stack);
      const key = `${group.kind}\n${group.type}\n${group.key ?? placeKey(frames)}`;
      let one = series.get(key);
      if (one === undefined) {
        one = { latest: group, frames, counts: new Map() };
        series.set(key, one);
      }
      if (group.count >= one.latest.count) {
        one.latest = group;
        one.frames = frames;
      }
      one.counts.set(cycles, (one.counts.get(cycles) ?? 0) + group.count);
    }
  }
  const growing = [...series.values()].flatMap(({ latest, frames, counts }) => {
    // A collection is reported from its first growth on; before, its size is not known.
    const points =
      latest.key === undefined
        ? read.map(({ cycles }): Point => [cycles, counts.get(cycles) ?? 0])
        : [...counts].map(([cycles, count]): Point => [cycles, count]);
    const slope = slopeOf(points);
    if (slope === undefined || !keepsGrowing(points)) return [];
    return [
      { kind: latest.kind, type: latest.type, key: latest.key, examples: latest.examples, frames, points, slope },
    ];
  });
  return joinOwnPeers(growing).sort((a, b) => b.slope.estimate - a.slope.estimate);
}

function placeKey(frames: readonly RawFrame[]): string {
  return (targetFrames(frames)[0] ?? frames.find((frame) => ownerOf(frame) === 'node') ?? []).join(':');
}
