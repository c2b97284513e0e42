import type { MetricValues } from '../../model/agent-protocol.js';
import { floorsOfLineMin } from './floors.js';

/**
 * Compiled code comes and goes with the JIT; it is no object that anybody holds. What V8 counts as code and bytecode
 * is taken from the heap in use, and with it the feedback, deoptimisation data and metadata that come and go with it:
 * a part of the code's size that differs from target to target, so it is learned from the floors themselves.
 *
 * Measured on Node 20 (V8 11.3), 45 runs of 24 services: 0.30 to 0.50, with 0.42 in the middle; taking it out leaves
 * a third to a sixth of the noise and of the warm-up's slope.
 */
const companionShare = { min: 0.3, usual: 0.42, max: 0.5 } as const;

interface HeapFloors {
  readonly cycles: Float64Array;
  readonly heapUsed: Float64Array;
  readonly heapCode: Float64Array;
}

/** Heap in use without compiled code and its companions; levels are those of the last floor. */
export function heapWithoutCode({ heapUsed, heapCode }: Omit<HeapFloors, 'cycles'>, share: number): Float64Array {
  const lastCode = heapCode.findLast(Number.isFinite) ?? 0;
  return heapUsed.map((used, index) => used - heapCode[index]! - share * (heapCode[index]! - lastCode));
}

/** The same of one floor, for comparing with others of a target whose own share of companions is not asked for. */
export function floorWithoutCode(floor: MetricValues): MetricValues {
  const { heapUsed, heapCode } = floor;
  if (heapUsed === undefined || heapCode === undefined) return floor;
  return { ...floor, heapUsed: heapUsed - (1 + companionShare.usual) * heapCode };
}

/**
 * Bytes of companions for each byte of code: least squares of the steps of the heap on the steps of the cycles and of
 * the code, so that neither a leak nor the level of either matters.
 */
export function companionShareOf({ cycles, heapUsed, heapCode }: HeapFloors): number {
  if (cycles.length < floorsOfLineMin) return companionShare.usual;
  let cycleSquares = 0;
  let codeSquares = 0;
  let cycleCode = 0;
  let cycleHeap = 0;
  let codeHeap = 0;
  for (let index = 1; index < cycles.length; index += 1) {
    const cycle = cycles[index]! - cycles[index - 1]!;
    const code = heapCode[index]! - heapCode[index - 1]!;
    const heap = heapUsed[index]! - heapUsed[index - 1]! - code;
    cycleSquares += cycle * cycle;
    codeSquares += code * code;
    cycleCode += cycle * code;
    cycleHeap += cycle * heap;
    codeHeap += code * heap;
  }
  const share =
    (codeHeap * cycleSquares - cycleHeap * cycleCode) / (cycleSquares * codeSquares - cycleCode * cycleCode);
  if (!Number.isFinite(share)) return companionShare.usual;
  return Math.min(companionShare.max, Math.max(companionShare.min, share));
}
