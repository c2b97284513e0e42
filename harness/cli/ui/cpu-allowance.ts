/** Work that is done again and again within a share of a core: some of it at once, and then as the share allows. */
export class CpuAllowance {
  private leftMs: number;

  /** @param burstMs CPU time that may be used at once */
  constructor(
    private readonly coreShare: number,
    private readonly burstMs: number,
  ) {
    this.leftMs = burstMs;
  }

  /**
   * Takes the CPU time that work has used, and gives what the time since the last work allows.
   * @returns how long the next work has to wait, in ms
   */
  spend(usedMs: number, sinceLastMs: number): number {
    this.leftMs = Math.min(this.burstMs, this.leftMs + sinceLastMs * this.coreShare) - usedMs;
    return Math.max(0, -this.leftMs / this.coreShare);
  }
}
