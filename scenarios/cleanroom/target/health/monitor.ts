/** Something that is looked at from time to time until it is stopped. */
export interface Monitor {
  /** Resolves when it will not look any more. */
  stop(): Promise<void>;
}

export interface MonitorParts {
  readonly intervalMs: number;
  readonly probe: () => Promise<void>;
  /** How many are armed. */
  readonly armed: { count: number };
}

export function startMonitor({ intervalMs, probe, armed }: MonitorParts): Monitor {
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = probe();
  }, intervalMs).unref();
  armed.count += 1;
  return {
    async stop() {
      clearInterval(timer);
      armed.count -= 1;
      await looking;
    },
  };
}
