import type { BackgroundService } from './background-service.js';

const everyMs = 60_000;

/** Calls `work` once a minute. */
export function createScheduler(work: () => void): BackgroundService {
  let timer: NodeJS.Timeout | undefined;
  return {
    name: 'scheduler',
    async start() {
      timer = setInterval(work, everyMs);
    },
    async stop() {
      clearInterval(timer);
    },
  };
}
