/** Whether the hooks come before the target's code, or into a target that runs already and goes on without them. */
export type HooksStart = 'from-start' | 'late';

/** What the agent changed in the target, to be undone when it leaves: a target that plateau did not start runs on without it. */
const undoing: (() => void)[] = [];

/** Registers what undoes a change; the last change is undone first. */
export function onLeave(undo: () => void): void {
  undoing.push(undo);
}

/** Undoes every change, whatever one of them throws; may be called again. */
export function leave(): void {
  for (let undo = undoing.pop(); undo !== undefined; undo = undoing.pop()) {
    try {
      undo();
    } catch {
      // The others still have to be undone.
    }
  }
}
