import type { Finding } from '../../model/run-record.js';
import type { LiveHolder, LiveSite } from '../../model/runtime.js';
import type { EvidenceRound } from '../evidence/attribution-session.js';
import { type GrownSite, seriesOf } from '../evidence/runtime-growth.js';
import type { Point, Slope } from '../evidence/slope.js';
import type { SourceLocator } from '../source/source-locator.js';
import type { Lead } from './lead.js';
import { leadOf } from './runtime-leads.js';

/** Of the growth; below, the rest may be in tables. */
const explainedMin = 0.5;
/** Of the growth that is left; a table that seems to take more filled up long ago. */
const shareOfRestMax = 1.5;

/**
 * Tables that are made anew, twice as large, whenever they are full. Between two such moments nothing of them grows, and
 * a pass may lie between two; what they have come to since the first cycle says how fast they fill.
 */
export function roomLeads(
  leaking: readonly Finding[],
  known: readonly Lead[],
  rounds: readonly EvidenceRound[],
  locator: SourceLocator,
): Lead[] {
  return leaking.flatMap(({ metric, slope, driver }) => {
    const explained = known.reduce((sum, { evidence }) => sum + (evidence.get(metric)?.slope.estimate ?? 0), 0);
    if (driver === 'time' || explained >= explainedMin * slope.estimate) return [];
    const rooms = growingRooms(metric, slope.estimate - explained, rounds);
    return rooms.slice(0, 1).map((room) => leadOf([room], holderOf(room, rounds), locator));
  });
}

function holderOf({ site: { heldBy } }: GrownSite, rounds: readonly EvidenceRound[]): LiveHolder | undefined {
  return rounds.at(-1)?.runtime?.holders.find(({ key }) => key === heldBy);
}

/** The largest first. */
function growingRooms(metric: string, rest: number, rounds: readonly EvidenceRound[]): GrownSite[] {
  const rooms = seriesOf(rounds, ({ sites }) => sites).flatMap(({ latest: site, pointsOf }): GrownSite[] => {
    const points = pointsOf((entry: LiveSite) => entry.live[metric] ?? 0);
    const slope = site.isRoom === true ? fillOf(points, rest) : undefined;
    return slope === undefined ? [] : [{ site, rate: undefined, metrics: new Map([[metric, { slope, points }]]) }];
  });
  const sizeOf = ({ site }: GrownSite) => site.live[metric] ?? 0;
  return rooms.sort((one, other) => sizeOf(other) - sizeOf(one));
}

/** Between half and all of a table is used. @returns undefined where that is not about what is looked for */
function fillOf(points: readonly Point[], rest: number): Slope | undefined {
  const [cycles, size] = points.at(-1) ?? [0, 0];
  const isFalling = points.some(([, value], index) => index > 0 && value < points[index - 1]![1]);
  if (cycles === 0 || isFalling) return undefined;
  const [low, high] = [size / 2 / cycles, size / cycles];
  if (low > shareOfRestMax * rest || high < explainedMin * rest) return undefined;
  return { estimate: Math.min(Math.max(rest, low), high), low, high };
}
