import type { MetricValues } from '../../model/agent-protocol.js';
import type { LiveHolder, LiveSite, RuntimeConnection, RuntimeReading, StackFrame } from '../../model/runtime.js';
import type { Agent } from '../agent-socket.js';

interface RubyPlace {
  readonly file: string;
  readonly line: number;
}

/** The answer of the agent to `evidence`. */
export interface RubyReading {
  readonly sites: readonly (RubyPlace & { readonly type: string; readonly count: number; readonly bytes: number })[];
  readonly threads: readonly (RubyPlace & { readonly count: number })[];
  readonly descriptors: readonly (RubyPlace & {
    readonly type: string;
    readonly kind: string | null;
    readonly count: number;
  })[];
  readonly holders: readonly {
    readonly path: readonly string[];
    readonly entries: number;
    readonly type: string | null;
  }[];
}

/** What the agent in one process reports. */
export class RubyConnection implements RuntimeConnection {
  private constructor(
    private readonly agent: Agent,
    private readonly standardDirectories: readonly string[],
  ) {}

  static async open(agent: Agent): Promise<RubyConnection> {
    return new RubyConnection(agent, await agent.standardDirectories());
  }

  floor(): Promise<MetricValues> {
    return this.agent.floor();
  }

  beginRecording(): Promise<void> {
    return this.agent.begin();
  }

  async evidence(): Promise<RuntimeReading> {
    return runtimeReading(await this.agent.evidence<RubyReading>({}), this.standardDirectories);
  }

  async close(): Promise<void> {
    this.agent.close();
  }
}

/** @param library directories of Ruby's own library */
export function runtimeReading(reading: RubyReading, library: readonly string[]): RuntimeReading {
  const frame = (place: RubyPlace) => frameOf(place, library);
  const sites: LiveSite[] = [
    ...reading.sites.map((site) => ({
      key: `${site.file}:${site.line} ${site.type}`,
      live: { heapUsed: site.bytes, objects: site.count },
      count: site.count,
      kind: 'allocation-site' as const,
      what: `\`${site.type}\` objects`,
      type: site.type,
      stack: [frame(site)],
    })),
    ...reading.threads.map((thread) => ({
      key: `thread ${thread.file}:${thread.line}`,
      live: { threads: thread.count },
      count: thread.count,
      kind: 'thread' as const,
      what: 'threads',
      stack: [frame(thread)],
    })),
    ...reading.descriptors.map((one) => ({
      key: `descriptor ${one.file}:${one.line} ${one.type}`,
      live: { fds: one.count, ...(one.kind !== null && { [`fds.${one.kind}`]: one.count }) },
      count: one.count,
      kind: 'fd' as const,
      what: `\`${one.type}\` objects`,
      type: one.type,
      stack: [frame(one)],
    })),
  ];
  return { sites, holders: reading.holders.map(holderOf), warnings: [] };
}

function frameOf({ file, line }: RubyPlace, library: readonly string[]): StackFrame {
  const [, gem] = /\/gems\/([^/]+)-\d[^/]*\//.exec(file) ?? [];
  const isLibrary = file.startsWith('<internal:') || library.some((directory) => file.startsWith(`${directory}/`));
  return {
    file,
    line: Math.max(1, line),
    ...(gem !== undefined && { package: gem }),
    isOwn: gem === undefined && !isLibrary,
  };
}

function holderOf({ path, entries, type }: RubyReading['holders'][number]): LiveHolder {
  const expression = path.join('');
  return {
    key: expression,
    description: expression,
    path: [...path],
    entries,
    ...(type !== null && { type }),
  };
}
