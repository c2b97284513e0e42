/** Work that is done again and again within a share of a core: some of it at once, and then as the share allows. */
export class CpuAllowance {
  private leftCpuMs: number;

  /** @param burstCpuMs CPU time that may be used at once */
  constructor(
    private readonly coreShare: number,
    private readonly burstCpuMs: number,
  ) {
    this.leftCpuMs = burstCpuMs;
  }

  /**
   * Takes the CPU time that work has used, and gives what the time since the last work allows.
   * @returns how long the next work has to wait, in ms
   */
  spend(usedCpuMs: number, sinceLastMs: number): number {
    this.leftCpuMs = Math.min(this.burstCpuMs, this.leftCpuMs + sinceLastMs * this.coreShare) - usedCpuMs;
    return Math.max(0, -this.leftCpuMs / this.coreShare);
  }
}
