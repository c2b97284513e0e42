export interface Container {
  readonly id: string;
  readonly runId: string;
  /** Process id where containers are processes. */
  readonly pid?: number;
}

export interface ContainerOptions {
  /** Whose it is: cleaning up goes by this. */
  readonly runId: string;
  /** It does not end when it is asked to. */
  readonly stubborn?: boolean;
}

/** What containers leave behind besides themselves. */
export interface Leftovers {
  readonly volumes: number;
  readonly networks: number;
}

/** Starts and ends containers; each has a volume and a network of its own. */
export interface ContainerRuntime {
  readonly kind: 'process' | 'docker';
  /** Resolves when it is up. */
  start(options: ContainerOptions): Promise<Container>;
  /** Asks it to end, or ends it; does not wait. */
  signal(container: Container, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** @returns whether it is gone; asked until it is, at most so long */
  gone(container: Container, timeoutMs: number): Promise<boolean>;
  /** Its volume and its network. */
  removeLeftovers(container: Container): Promise<void>;
  /** Containers that are there, whoever started them. @param runId absent: of all runs of this service */
  list(runId?: string): Promise<readonly Container[]>;
  countLeftovers(): Promise<Leftovers>;
}
