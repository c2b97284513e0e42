import { setImmediate } from 'node:timers';

/** Synchronous steps would keep timers and sockets from their turn; they are let in this often. */
const turnMsMax = 8;

/** Lets timers and sockets in between steps that leave them no time. */
export class LoopTurns {
  private startedMs = performance.now();

  get areDue(): boolean {
    return performance.now() - this.startedMs > turnMsMax;
  }

  async give(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.startedMs = performance.now();
  }
}

/**
 * So many steps at once, each followed at once by the next.
 * @param next begins a step; undefined when there is none left
 */
export async function runConcurrently(count: number, next: () => Promise<void> | undefined): Promise<void> {
  const turns = new LoopTurns();
  const worker = async () => {
    for (let step = next(); step !== undefined; step = next()) {
      await step;
      if (turns.areDue) await turns.give();
    }
  };
  await Promise.all(Array.from({ length: count }, worker));
}
