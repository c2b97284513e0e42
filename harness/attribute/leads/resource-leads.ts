import type { RawFrame, ResourceGroup } from '../../model/attribution-protocol.js';
import type { CodeLocation, Suspect } from '../../model/run-record.js';
import { locateGroup, ownerOf } from '../evidence/frames.js';
import type { GrowingGroup } from '../evidence/growing-group.js';
import type { SourceLocator } from '../source/source-locator.js';
import { type Lead, type LeadEvidence, rateText } from './lead.js';
import { pathPattern } from './name-families.js';

const kinds: Record<ResourceGroup['kind'], Suspect['kind']> = {
  descriptor: 'fd',
  timer: 'timer',
  handle: 'handle',
  worker: 'thread',
  process: 'process',
  listener: 'handle',
  file: 'file',
  collection: 'retainer',
  module: 'retainer',
};

/** These show in the heap, by who holds them; alone they say nothing. */
const ofHeap: ReadonlySet<ResourceGroup['kind']> = new Set(['collection', 'module']);

/** Leads from everything that is no part of the heap. */
export function resourceLeads(groups: readonly GrowingGroup[], locator: SourceLocator): Lead[] {
  return groups
    .filter(({ kind }) => !ofHeap.has(kind))
    .map((group) => {
      const stack = locateGroup(group, locator);
      const location = headlineOf(group.kind, stack);
      const place = location === undefined ? undefined : placeText(location, stack[0]!, locator);
      const evidence: LeadEvidence = {
        kind: kinds[group.kind],
        slope: group.slope,
        describe: (share) => describe(group, share, place),
        series: group.points,
        ...(location !== undefined && { location, stack }),
      };
      return { evidence: new Map(metricsOf(group).map((metric) => [metric, evidence])), rates: [group.slope.estimate] };
    });
}

/** What packages open, they open for the code that calls them; what they register, they register for themselves. */
function headlineOf(kind: GrowingGroup['kind'], stack: readonly CodeLocation[]): CodeLocation | undefined {
  const own = kind === 'listener' || kind === 'timer' ? undefined : stack.find((place) => place.package === undefined);
  return own ?? stack[0];
}

/** `server.js:41`, and where a package did it for that line. */
function placeText(location: CodeLocation, innermost: CodeLocation, locator: SourceLocator): string {
  const place = locator.shortPlace(location);
  return innermost.package === undefined || innermost === location
    ? place
    : `${place} (in ${locator.shortPlace(innermost)})`;
}

const unreferenced = ', unref-ed';

/** Metrics in which live things of this kind show. */
function metricsOf({ kind, type }: GrowingGroup): string[] {
  switch (kind) {
    case 'descriptor':
      return ['fds', ...(descriptorKinds[type] ?? [type]).map((name) => `fds.${name}`)];
    case 'timer':
      return type.endsWith(unreferenced) ? ['timers'] : ['timers', 'handles', 'handles.Timeout'];
    case 'worker':
      return ['threads', 'handles', 'handles.Worker'];
    case 'process':
      return ['children', 'handles', 'handles.ProcessWrap'];
    case 'listener':
      return ['listeners'];
    case 'file':
      return ['tempFiles'];
    default:
      // Node does not count these as active; they still show which line makes what the heap holds.
      if (type.endsWith(unreferenced)) return ['handles.unreferenced'];
      return ['handles', `handles.${activeResourceNames[type] ?? type}`, ...(type === 'TCPWRAP' ? socketMetrics : [])];
  }
}

/** What plateau calls a descriptor from outside, where it knows more or other names. */
const descriptorKinds: Readonly<Record<string, readonly string[]>> = {
  socket: ['socket', 'tcp', 'udp', 'unix'],
  file: ['file', 'deleted', 'device'],
  anonymous: ['anonymous', 'eventpoll', 'eventfd', 'timerfd', 'inotify', 'ioUring'],
};

/** `process.getActiveResourcesInfo()` spells some types of `async_hooks` in its own way. */
const activeResourceNames: Readonly<Record<string, string>> = {
  TCPWRAP: 'TCPSocketWrap',
  TCPSERVERWRAP: 'TCPServerWrap',
  PIPEWRAP: 'PipeWrap',
  PIPESERVERWRAP: 'PipeServerWrap',
  TTYWRAP: 'TTYWrap',
  UDPWRAP: 'UDPWrap',
  MESSAGEPORT: 'MessagePort',
  FSEVENTWRAP: 'FSEventWrap',
  FSREQCALLBACK: 'FSReqCallback',
  STATWATCHER: 'StatWatcher',
};
const socketMetrics = ['established', 'closeWait', 'finWait2', 'synSent'].map((state) => `sockets.${state}`);

function describe(
  { kind, type, slope, examples, frames }: GrowingGroup,
  share: number,
  shortPlace: string | undefined,
): string {
  const place = shortPlace === undefined ? nodePlace(frames) : ` at ${shortPlace}`;
  const example = examples.at(-1);
  const such = example === undefined ? '' : `, such as ${example}`;
  const rate = rateText(slope.estimate / share);
  switch (kind) {
    case 'descriptor':
      return `${type === 'anonymous' ? 'Descriptors' : `Descriptors (${type})`} opened${place} are not closed: ${rate}${such}`;
    case 'timer':
      return `Timers (${type}) started${place} are not cleared: ${rate}${such}`;
    case 'worker':
      return `Worker threads started${place} are not terminated: ${rate}`;
    case 'process':
      return `Child processes started${place} do not end: ${rate}${such}`;
    case 'file':
      return `Files made${place} are not removed: ${rate}, named like ${pathPattern(examples)}`;
    case 'listener':
      return `Listeners of ${type} added${place} are not removed: ${rate}`;
    default:
      return `${type} handles made${place} are not closed: ${rate}${such}`;
  }
}

function nodePlace(frames: readonly RawFrame[]): string {
  const frame = frames.find((candidate) => ownerOf(candidate) === 'node');
  return frame === undefined ? ' outside JavaScript' : ` by Node itself (${frame[3] === '' ? frame[0] : frame[3]})`;
}
