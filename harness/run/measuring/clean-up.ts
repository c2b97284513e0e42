import { thrownMessage } from '../../model/thrown.js';

type Step = () => Promise<unknown> | unknown;

/** What must be undone at the end, the latest first. */
export class CleanUp {
  private readonly steps: Step[] = [];

  push(step: Step): void {
    this.steps.push(step);
  }

  /** Does all of it, each step once; a step that fails is reported, and keeps no other from being done. */
  async run(warn: (message: string) => void): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        warn(`cleaning up failed: ${thrownMessage(error)}`);
      }
    }
  }
}
