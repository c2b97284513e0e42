import type { EvidenceRound } from '../../attribute/evidence/attribution-session.js';
import { keepsGrowing, type Point, slopeOf } from '../../attribute/evidence/slope.js';
import type { Finding } from '../../model/run-record.js';
import type { OutsideProbe } from '../../sample/outside/outside-probe.js';
import type { MeasuredLoad } from '../measuring/pass-parts.js';

/** Hooks make a cycle dearer, never cheaper: a target that uses less than this part of the CPU a cycle was not driven. */
const shareMin = 0.2;
/** What is expected must be well above what an idle Node uses in such a time, 1 % of a core. */
const expectedMsMin = 200;

/** Watches whether the load of the cause pass reaches its own target. */
export class MissedLoad {
  private cpuMs = 0;
  private cycles = 0;
  private isKnown = true;

  constructor(
    private readonly probe: OutsideProbe | undefined,
    /** Of the target that was measured. */
    private readonly measured: MeasuredLoad,
  ) {}

  /** @returns ends the round; takes the cycles that were driven */
  watchRound(): (cycles: number) => void {
    const cpu = this.probe?.watchCpu();
    return (cycles) => {
      const used = cpu?.();
      this.isKnown &&= used !== undefined;
      this.cpuMs += used?.targetMs ?? 0;
      this.cycles += cycles;
    };
  }

  /**
   * @param leaking what leaks in the target that was measured
   * @param rounds of the cause pass
   * @returns undefined where the load was not missed, or nothing shows
   */
  warning(leaking: readonly Finding[], rounds: readonly EvidenceRound[]): string | undefined {
    const { cycles, targetCpuMs } = this.measured;
    const expectedMs = (targetCpuMs / Math.max(1, cycles)) * this.cycles;
    if (!this.isKnown || expectedMs < expectedMsMin || this.cpuMs >= shareMin * expectedMs) return undefined;
    if (leaking.some((finding) => growsHere(finding, rounds))) return undefined;
    const [usedMs, firstMs] = [this.cpuMs, expectedMs].map(Math.round);
    return (
      `the cause was looked for in a second target, and its cycles did not reach it (${usedMs} ms of CPU, ${firstMs} ms for as many in the first); ` +
      'a client that the scenario keeps at module level still speaks to the first target; ' +
      'make it in `setup` or in the operation, from the address that is given there'
    );
  }
}

/** Early cycles of a leak cost less than late ones. Where what leaks grows here too, the cycles did reach this target. */
function growsHere({ metric, axis, shape, slope }: Finding, rounds: readonly EvidenceRound[]): boolean {
  const points = rounds.flatMap(({ cycles, values, runtime }): Point[] => {
    const value = values[metric] ?? runtime?.sites.reduce((sum, { live }) => sum + (live[metric] ?? 0), 0);
    return value === undefined ? [] : [[cycles, value]];
  });
  if (!keepsGrowing(points)) return false;
  return axis !== 'cycle' || shape === 'accelerating' || slopeOf(points)!.estimate >= shareMin * slope.estimate;
}
