/** A promise that somebody else resolves. */
export class Gate<Value> {
  readonly passed: Promise<Value>;
  open!: (value: Value) => void;

  constructor() {
    this.passed = new Promise<Value>((resolve) => {
      this.open = resolve;
    });
  }
}
