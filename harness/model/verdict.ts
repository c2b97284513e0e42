/** What a run ends with. */
export const runVerdicts = [
  'plateau',
  'leak',
  'stalled',
  'refusing',
  'spinning',
  'inconclusive',
  'crashed',
  'interrupted',
] as const;
export type RunVerdict = (typeof runVerdicts)[number];

/** What ended the driving of a run. `rounds`, `duration`: a limit of the user's; `room`: its target would have run out of something. */
export const runEnds = ['decided', 'rounds', 'duration', 'room', 'interrupted', 'crashed', 'stalled', 'fault'] as const;
export type RunEnd = (typeof runEnds)[number];

/** What one metric is judged to do. `advisory`: shown, never decides. `known`: leaks, but did so in the baseline too. */
export const findingVerdicts = [
  'plateau',
  'leak',
  'stalled',
  'refusing',
  'spinning',
  'inconclusive',
  'advisory',
  'known',
] as const;
export type FindingVerdict = (typeof findingVerdicts)[number];

/** What a series does. */
export const shapes = [
  'flat',
  'linear',
  'accelerating',
  'decelerating',
  'saturating',
  'step',
  'sawtooth',
  'falling',
  'noisy',
] as const;
export type Shape = (typeof shapes)[number];

const exitCodes: Record<RunVerdict, number> = {
  plateau: 0,
  leak: 1,
  stalled: 1,
  refusing: 1,
  spinning: 1,
  inconclusive: 2,
  crashed: 4,
  interrupted: 130,
};

export function exitCodeOf(verdict: RunVerdict): number {
  return exitCodes[verdict];
}

/** Gravest first: when several apply, the first of these is the verdict. */
const gravity: readonly RunVerdict[] = [
  'crashed',
  'leak',
  'stalled',
  'refusing',
  'spinning',
  'interrupted',
  'inconclusive',
  'plateau',
];

/** The gravest of some verdicts; nothing at all is `inconclusive`, never a pass. */
export function gravest(verdicts: Iterable<RunVerdict>): RunVerdict {
  const present = new Set(verdicts);
  return gravity.find((verdict) => present.has(verdict)) ?? 'inconclusive';
}
