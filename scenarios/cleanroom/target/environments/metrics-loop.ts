const intervalMs = 250;
const keptSamples = 64;

/** Samples of an environment while it lives: the last few. */
export class MetricsLoop {
  readonly samples: number[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => this.#sample(), intervalMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    this.samples.push(process.memoryUsage.rss());
    if (this.samples.length > keptSamples) this.samples.shift();
  }
}
