import { metricDefinition } from '../../model/metric.js';
import type { Finding } from '../../model/run-record.js';
import type { EvidenceRound } from '../evidence/attribution-session.js';
import type { OutsideReading } from '../evidence/outside-reading.js';
import { keepsGrowing, type Point, slopeOf } from '../evidence/slope.js';
import { type Lead, type LeadEvidence, rateText, type Wording } from './lead.js';
import { nameFamilies, pathPattern } from './name-families.js';

interface OutsideView {
  readonly metrics: (name: string) => readonly string[];
  readonly kind: LeadEvidence['kind'];
  /** Names of what is there, alike ones with the same name. */
  readonly names: (reading: OutsideReading) => readonly string[];
  readonly describe: (name: string, rate: string) => string;
}

const views: readonly OutsideView[] = [
  {
    metrics: (name) => ['fds', ...(/^(\w+):/.exec(name)?.slice(1) ?? ['file']).map((type) => `fds.${type}`)],
    kind: 'fd',
    names: ({ descriptors }) => descriptors.map((link) => link.replace(/\[\d+\]$/, '[...]')).map(generic),
    describe: (name, rate) => `Descriptors of ${name} are not closed: ${rate}`,
  },
  {
    metrics: () => ['threads'],
    kind: 'thread',
    names: ({ threads }) => threads.map(generic),
    describe: (name, rate) => `Threads named \`${name}\` do not end: ${rate}`,
  },
  {
    metrics: () => ['children'],
    kind: 'process',
    names: ({ children }) => commandsOf(children.filter(({ isZombie }) => !isZombie)),
    describe: (name, rate) => `Child processes do not end: ${rate}, command \`${name}\``,
  },
  {
    metrics: () => ['children'],
    kind: 'process',
    names: ({ children }) => commandsOf(children.filter(({ isZombie }) => isZombie)),
    describe: (name, rate) => `Child processes that have ended are not waited for: ${rate}, command \`${name}\``,
  },
  {
    metrics: () => ['tempFiles'],
    kind: 'file',
    names: ({ temporaryFiles }) => temporaryFiles.map(generic),
    describe: (name, rate) => `Files named like ${name} are not removed: ${rate}`,
  },
];

function commandsOf(children: OutsideReading['children']): string[] {
  return children.map(({ command }) => generic(command));
}

/** Leads from what the kernel shows: names without a place in code, for targets and resources that show no more. */
export function outsideLeads(rounds: readonly EvidenceRound[]): Lead[] {
  const read = rounds.filter(({ outside }) => outside !== undefined);
  return views.flatMap((view) => {
    const counts = new Map<string, Map<number, number>>();
    const readings = read.map(({ cycles, outside }) => ({ cycles, names: view.names(outside!) }));
    const families = nameFamilies(uniqueNames(readings.map(({ names }) => names)));
    for (const { cycles, names } of readings) {
      for (const own of names) {
        const name = families.get(own) ?? own;
        const perRound = counts.get(name) ?? new Map<number, number>();
        counts.set(name, perRound.set(cycles, (perRound.get(cycles) ?? 0) + 1));
      }
    }
    return [...counts].flatMap(([name, perRound]) => {
      const points = read.map(({ cycles }): Point => [cycles, perRound.get(cycles) ?? 0]);
      const slope = slopeOf(points);
      if (slope === undefined || !keepsGrowing(points)) return [];
      const describe: Wording = (share) => view.describe(name, rateText(slope.estimate / share));
      const evidence: LeadEvidence = { kind: view.kind, slope, describe, series: points };
      return [{ evidence: new Map(view.metrics(name).map((metric) => [metric, evidence])), rates: [slope.estimate] }];
    });
  });
}

/** Names that no two things had at once. */
function uniqueNames(readings: readonly (readonly string[])[]): Set<string> {
  const names = new Set(readings.flat());
  for (const reading of readings) {
    const seen = new Set<string>();
    for (const name of reading) if (seen.size === seen.add(name).size) names.delete(name);
  }
  return names;
}

/** Children of a Node target whose memory leaks, by the command that started them. */
export function childLeads(leaking: readonly Finding[]): Lead[] {
  return leaking.flatMap(({ metric, slope }) => {
    if (metricDefinition(metric)?.ofChildren !== true) return [];
    const command = metric.slice(metric.indexOf('.') + 1);
    const { estimate, low, high } = slope;
    const describe = () => `Memory of the child process \`${command}\` grows; soak that process by itself for the line`;
    const evidence: LeadEvidence = { kind: 'process', slope: { estimate, low, high }, describe };
    return [{ evidence: new Map([[metric, evidence]]), rates: [] }];
  });
}

function generic(name: string): string {
  return pathPattern([name]);
}

/** The gauges that leak, each its own lead: it names what grows. */
export function gaugeLeads(leaking: readonly Finding[]): Lead[] {
  return leaking
    .filter(({ metric }) => metric.startsWith('gauge.'))
    .map(({ metric, slope }) => ({
      evidence: new Map([
        [
          metric,
          {
            kind: 'gauge',
            slope: { estimate: slope.estimate, low: slope.low, high: slope.high },
            describe: (share) =>
              `The target itself reports it: \`${metric.slice('gauge.'.length)}\` grows by ${rateText(slope.estimate / share)}`,
          } satisfies LeadEvidence,
        ],
      ]),
      rates: [slope.estimate],
    }));
}
