import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listedThingsHtml, liveRunView } from '../../../reporters/index.js';
import { systemClock } from '../../platform/clock.js';
import { analyse } from '../../run/analyse-run.js';
import { loadRun } from '../../store/load-run.js';
import { runFiles, runsDirectory } from '../../store/run-layout.js';
import { CpuAllowance } from './cpu-allowance.js';
import { StoredThings } from './listed-things.js';
import { type LiveServer, serveLivePage } from './live-server.js';
import { pageAt } from './pages.js';

/** Shows what lies on disk, as it changes, to whoever has a tab open. */
export interface LiveUi {
  readonly server: LiveServer;
  /** Looks once more, whatever the last look took. */
  refresh(): Promise<void>;
  close(): void;
}

/**
 * The page may take this share of a core: judging a long run anew takes seconds, and is then done every few minutes.
 * Nothing is looked at while no tab is open.
 */
const coreShareMax = 1 / 200;
/**
 * CPU time that looks may take before they are paced: the first look at a day of 57 metrics took 2.8 s, and who has just
 * opened the page sees the run proceed all the same.
 */
const firstLooksCpuMs = 3_000;
const refreshMsMin = 1_000;

export async function startLiveUi(outDirectory: string, port: number): Promise<LiveUi> {
  const out = resolve(outDirectory);
  const things = new StoredThings(out);
  const server = await serveLivePage(port, (path) => pageAt(out, path));
  let shown: { readonly id: string; readonly bytes: number; readonly isOver: boolean } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const allowance = new CpuAllowance(coreShareMax, firstLooksCpuMs);
  let lookedAtMs = systemClock.monotonicMs();

  const showRun = async (id: string, isOver: boolean) => {
    const bytes = sizeOf(out, id);
    if (shown?.id === id && shown.bytes === bytes && shown.isOver === isOver) return;
    const run = await loadRun(id, { outDirectory: out });
    const record = analyse(run);
    server.send('run', { id, ...liveRunView(record, run.samples, isOver) });
    shown = { id, bytes, isOver };
  };

  const refresh = async () => {
    const live = (await things.live()).at(-1);
    server.send('things', listedThingsHtml(await things.listed()));
    if (live !== undefined) await showRun(live.id, false);
    // What was shown while it went on is shown to its end.
    else if (shown !== undefined && !shown.isOver) await showRun(shown.id, true);
  };

  const loop = async () => {
    const before = process.cpuUsage();
    // A run that is being written, or was just deleted, is there the next time.
    await refresh().catch(() => undefined);
    const { user, system } = process.cpuUsage(before);
    const nowMs = systemClock.monotonicMs();
    const waitMs = allowance.spend((user + system) / 1_000, nowMs - lookedAtMs);
    lookedAtMs = nowMs;
    if (server.tabs > 0) timer = setTimeout(loop, Math.max(refreshMsMin, waitMs));
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

function sizeOf(outDirectory: string, id: string): number {
  const samples = join(runsDirectory(outDirectory), id, runFiles.samples);
  return statSync(samples, { throwIfNoEntry: false })?.size ?? 0;
}
