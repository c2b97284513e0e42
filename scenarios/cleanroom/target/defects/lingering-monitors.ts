import type { Monitor, MonitorParts } from '../health/monitor.js';

/** Asked to stop, it finds out when it looks the next time. */
export function startLaggingMonitor({ intervalMs, probe, armed }: MonitorParts): Monitor {
  let aborted = false;
  const timer = setInterval(() => {
    if (!aborted) return void probe();
    clearInterval(timer);
    armed.count -= 1;
  }, intervalMs).unref();
  armed.count += 1;
  return {
    async stop() {
      aborted = true;
    },
  };
}

/** Asked to stop, it does not look any more, and goes on waking up to see that it need not. */
export function startEndlessMonitor({ intervalMs, probe, armed }: MonitorParts): Monitor {
  let aborted = false;
  setInterval(() => {
    if (!aborted) void probe();
  }, intervalMs).unref();
  armed.count += 1;
  return {
    async stop() {
      aborted = true;
    },
  };
}
