/** What a client can do to a service, and how such a cycle is called. */
export const clientFaults = {
  abort: 'aborted',
  'abort-answer': 'aborted in mid-answer',
  'abort-body': 'aborted in mid-body',
  'slow-read': 'read slowly',
  'half-open': 'left half-open',
  malformed: 'malformed',
  'bad-body': 'with half a body',
  timeout: 'timed out',
} as const;

/** What an upstream can do to a service that depends on it; needs `upstreams`. */
export const upstreamFaults = {
  'upstream-refuse': 'upstream refuses',
  'upstream-reset': 'upstream resets',
  'upstream-delay': 'upstream delays',
  'upstream-stall': 'upstream stalls',
  'upstream-cut': 'upstream cut in mid-answer',
} as const;

export type ClientFault = keyof typeof clientFaults;
export type UpstreamFault = keyof typeof upstreamFaults;
export type Fault = ClientFault | UpstreamFault;

export const faultLabels: Readonly<Record<Fault, string>> = { ...clientFaults, ...upstreamFaults };
export const faultNames = Object.keys(faultLabels) as readonly Fault[];

/** Share of an operation's cycles, from above 0 to 1, that a fault disturbs. */
export type FaultShares = Readonly<Partial<Record<Fault, number>>>;

export function isUpstreamFault(fault: Fault): fault is UpstreamFault {
  return fault in upstreamFaults;
}

/** How a disturbed operation is called beside the undisturbed one: growth is attributed to the one or the other. */
export function faultedName(operation: string, fault: Fault): string {
  return `${operation} (${faultLabels[fault]})`;
}
