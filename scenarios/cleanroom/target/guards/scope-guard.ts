/** Does what was put off when it is disposed of: last in, first out, and an action that throws stops none of the others. */
export class ScopeGuard implements Disposable {
  readonly #actions: (() => void)[] = [];
  readonly #report: (error: unknown) => void;

  /** @param report is called for actions that threw; disposing never throws */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  defer(action: () => void): void {
    this.#actions.push(action);
  }

  [Symbol.dispose](): void {
    for (let action = this.#actions.pop(); action !== undefined; action = this.#actions.pop()) {
      try {
        action();
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
