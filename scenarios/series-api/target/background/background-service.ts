/** Something that runs beside the requests. */
export interface BackgroundService {
  readonly name: string;
  /** @throws when it cannot start; it holds nothing then */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts services and knows which of them run. */
export interface ServiceStarter {
  readonly running: number;
  /** @returns the services that failed to start, with the reason */
  start(services: readonly BackgroundService[]): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/** Each service starts for itself: one that fails is reported, the others run. */
export class IndependentStarter implements ServiceStarter {
  protected readonly started: BackgroundService[] = [];

  get running(): number {
    return this.started.length;
  }

  async start(services: readonly BackgroundService[]): Promise<Record<string, string>> {
    const failed: Record<string, string> = {};
    for (const service of services) {
      try {
        await service.start();
        this.started.push(service);
      } catch (error) {
        failed[service.name] = (error as Error).message;
      }
    }
    return failed;
  }

  async stop(): Promise<void> {
    for (let service = this.started.pop(); service !== undefined; service = this.started.pop()) await service.stop();
  }
}
