import { resolve } from 'node:path';
import { listedThingsHtml } from '../../../reporters/index.js';
import { systemClock } from '../../platform/clock.js';
import { CpuAllowance } from './cpu-allowance.js';
import { ThingsReader } from './listed-things.js';
import { type LiveServer, serveLivePage } from './live-server.js';
import { pageAt } from './pages.js';
import { ShownRun } from './shown-run.js';

/** Shows what lies on disk, as it changes, to whoever has a tab open. */
export interface LiveUi {
  readonly server: LiveServer;
  /** Looks once more, whatever the last look took. */
  refresh(): Promise<void>;
  close(): void;
}

/** The page may take this share of a core. Nothing is looked at while no tab is open. */
const coreShareMax = 1 / 200;
/**
 * CPU time that looks may take before they are paced: the first look at a day of 57 metrics took 2.1 s, and who has just
 * opened the page sees a young run proceed all the same.
 */
const firstLooksCpuMs = 3_000;
const refreshMsMin = 1_000;
/** The end of a long run, and what begins beside it, is shown after this time at most. */
const refreshMsMax = 5_000;

export async function startLiveUi(outDirectory: string, port: number): Promise<LiveUi> {
  const out = resolve(outDirectory);
  const things = new ThingsReader(out);
  const server = await serveLivePage(port, (path) => pageAt(out, path));
  const shown = new ShownRun(out);
  let timer: NodeJS.Timeout | undefined;
  const allowance = new CpuAllowance(coreShareMax, firstLooksCpuMs);
  let lookedAtMs = systemClock.monotonicMs();

  const refresh = async () => {
    const { live, listed } = await things.read();
    server.send('things', listedThingsHtml(listed));
    const id = live ?? shown.unfinished;
    const run = id === undefined ? undefined : await shown.look(id, live === undefined);
    if (run !== undefined) server.send('run', run);
  };

  const loop = async () => {
    const before = process.cpuUsage();
    // A run that is being written, or was just deleted, is there the next time.
    await refresh().catch(() => undefined);
    const { user, system } = process.cpuUsage(before);
    const nowMs = systemClock.monotonicMs();
    const waitMs = allowance.spend((user + system) / 1_000, nowMs - lookedAtMs);
    lookedAtMs = nowMs;
    const quietMs = Math.min(shown.quietMs(), refreshMsMax);
    if (server.tabs > 0) timer = setTimeout(loop, Math.max(refreshMsMin, quietMs, waitMs));
    else timer = undefined;
  };
  server.onTabs(() => {
    if (server.tabs > 0 && timer === undefined) timer = setTimeout(loop, 0);
  });
  return {
    server,
    refresh,
    close() {
      clearTimeout(timer);
      server.close();
    },
  };
}
