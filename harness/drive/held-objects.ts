import type { HoldOutcome, HoldRequest } from '../model/agent-protocol.js';
import { runConcurrently } from './loop-turns.js';

interface HoldableOperation {
  create(cycle: number): unknown;
  destroy?(handle: unknown, cycle: number): unknown;
}

/** What an object needs to be destroyed. */
interface Held {
  readonly handle: unknown;
  readonly cycle: number;
}

/**
 * Objects of one operation that stay alive until they are released. Keeps its table from one hold to the next, so that
 * only the objects themselves come and go.
 */
export class HeldObjects {
  private operation: HoldableOperation | undefined;
  private readonly held: (Held | undefined)[] = [];
  private live = 0;

  /** @param onStep called after each create and destroy, so that somebody can see that things move */
  constructor(private readonly onStep: () => void) {}

  async hold(
    operation: HoldableOperation,
    { objects, concurrency }: HoldRequest,
    takeCycle: () => number,
  ): Promise<HoldOutcome> {
    this.operation = operation;
    let failed = 0;
    let slot = this.live;
    const create = async () => {
      const cycle = takeCycle();
      const at = slot;
      slot += 1;
      try {
        this.held[at] = { handle: await operation.create(cycle), cycle };
      } catch {
        failed += 1;
      }
    };
    return { ...(await this.many(objects, concurrency, create)), failed, live: this.compacted() };
  }

  async release({ concurrency }: { readonly concurrency: number }): Promise<HoldOutcome> {
    let failed = 0;
    let next = 0;
    const destroy = async () => {
      const at = next;
      next += 1;
      const object = this.held[at];
      this.held[at] = undefined;
      try {
        if (object !== undefined) await this.operation?.destroy?.(object.handle, object.cycle);
      } catch {
        failed += 1;
      }
    };
    const outcome = await this.many(this.live, concurrency, destroy);
    this.live = 0;
    return { ...outcome, failed, live: failed };
  }

  /** Creates that failed left holes. */
  private compacted(): number {
    let live = 0;
    for (let at = 0; at < this.held.length; at += 1) {
      const object = this.held[at];
      if (object === undefined) continue;
      this.held[at] = undefined;
      this.held[live] = object;
      live += 1;
    }
    this.live = live;
    return live;
  }

  private async many(count: number, concurrency: number, step: () => Promise<void>): Promise<{ durationMs: number }> {
    const startedMs = performance.now();
    let left = count;
    await runConcurrently(Math.min(count, concurrency), () => {
      if (left === 0) return undefined;
      left -= 1;
      return step().then(this.onStep);
    });
    return { durationMs: performance.now() - startedMs };
  }
}
