import type { Container, ContainerRuntime } from '../containers/container-runtime.js';
import type { StopContainer } from '../containers/stop-container.js';

export interface SessionParts {
  readonly runtime: ContainerRuntime;
  readonly stop: StopContainer;
}

export interface StartOptions {
  readonly stubborn?: boolean;
  /** Looks at what has been started; throws when it is not as it should be. */
  readonly check?: () => void;
}

/** Containers of one run that live and end together. */
export class Session implements AsyncDisposable {
  readonly #containers: Container[] = [];
  readonly #parts: SessionParts;

  constructor(
    readonly runId: string,
    parts: SessionParts,
  ) {
    this.#parts = parts;
  }

  /** @throws {Error} when the check does; the container is the session's all the same */
  async start(options: StartOptions = {}): Promise<void> {
    this.keep(await this.launch(options));
    options.check?.();
  }

  /** How many of its containers are there. */
  async countRunning(): Promise<number> {
    return (await this.#parts.runtime.list(this.runId)).length;
  }

  /** @throws {Error} when one of them cannot be ended; the others are */
  async [Symbol.asyncDispose](): Promise<void> {
    const { runtime, stop } = this.#parts;
    const ended = await Promise.allSettled(this.#containers.splice(0).map((container) => stop(runtime, container)));
    for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason;
  }

  protected launch({ stubborn = false }: StartOptions): Promise<Container> {
    return this.#parts.runtime.start({ runId: this.runId, stubborn });
  }

  /** From now on the session ends it. */
  protected keep(container: Container): void {
    this.#containers.push(container);
  }
}
