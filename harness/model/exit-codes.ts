/** Exit codes of plateau; 0, 1 and 2 come from verdicts (`exitCodeOf`). */
export const usageExitCode = 3;
export const faultExitCode = 4;
export const interruptedExitCode = 130;

/** Gravest first: what several runs of one command end with. */
const gravity = [interruptedExitCode, faultExitCode, usageExitCode, 1, 2, 0];

/** The gravest of some exit codes; nothing at all is inconclusive, never a pass. */
export function gravestExitCode(codes: readonly number[]): number {
  return gravity.find((code) => codes.includes(code)) ?? 2;
}
