import type { Reply } from './resp-parser.js';

/**
 * What MEMORY USAGE says of a group, a pending entry and a consumer, and what they take: it supposes a tree of its own for
 * each. Measured with Redis 7.0.15: 4,000 groups with names of 16 characters, a thousand of the others in one group.
 */
const groupBytes = { supposed: 284, taken: 211 };
const pendingBytes = { supposed: 657, taken: 114 };
const consumerBytes = { supposed: 278, taken: 114 };

/** Of the consumer groups of a stream, which stay however short the stream is trimmed. */
export interface StreamGroups {
  readonly groups: number;
  /** Entries that were delivered and not acknowledged, over all groups. */
  readonly pending: number;
  readonly consumers: number;
}

export const noGroups: StreamGroups = { groups: 0, pending: 0, consumers: 0 };

/** Reads the answer to `XINFO GROUPS`: a list of names and values for each group. */
export function streamGroups(reply: Reply | undefined): StreamGroups {
  if (!Array.isArray(reply)) return noGroups;
  return { groups: reply.length, pending: sumOf(reply, 'pending'), consumers: sumOf(reply, 'consumers') };
}

function sumOf(groups: readonly Reply[], name: string): number {
  return groups.reduce<number>((sum, group) => {
    const value = Array.isArray(group) ? group.find((_, at) => at % 2 === 1 && group[at - 1] === name) : 0;
    return sum + (typeof value === 'number' ? value : 0);
  }, 0);
}

export interface StreamPart {
  /** A plural noun phrase. */
  readonly what: string;
  readonly count: number;
  readonly bytes: number;
}

/** Divides what MEMORY USAGE says of a stream among its entries and its groups. */
export function streamParts(
  bytes: number,
  entries: number,
  { groups, pending, consumers }: StreamGroups,
): StreamPart[] {
  const supposed = groups * groupBytes.supposed + pending * pendingBytes.supposed + consumers * consumerBytes.supposed;
  return [
    { what: 'entries', count: entries, bytes: Math.max(0, bytes - supposed) },
    { what: 'consumer groups', count: groups, bytes: groups * groupBytes.taken },
    { what: 'pending entries', count: pending, bytes: pending * pendingBytes.taken },
    { what: 'consumers', count: consumers, bytes: consumers * consumerBytes.taken },
  ];
}
