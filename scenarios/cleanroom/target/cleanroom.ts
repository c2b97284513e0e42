import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type ChosenRuntime, chooseRuntime } from './containers/choose-runtime.js';
import { stopVerified } from './containers/stop-container.js';
import { LateSession } from './defects/late-session.js';
import { startEndlessMonitor, startLaggingMonitor } from './defects/lingering-monitors.js';
import type { DefectName } from './defects/names.js';
import { blockingRelease, detachedRelease, emptyRelease } from './defects/releases.js';
import { stopOnly } from './defects/stop-only.js';
import { stopUnverified } from './defects/stop-unverified.js';
import { type EmergencyPlan, emergencyCleanup, type Survivors } from './emergency/emergency-cleanup.js';
import { Holders } from './emergency/holders.js';
import { Collector } from './environments/collector.js';
import { Environments } from './environments/environments.js';
import { Reports } from './files/reports.js';
import { CleanupTracker } from './guards/cleanup-tracker.js';
import { Fixtures, type GuardKind } from './guards/fixtures.js';
import { type Release, trackedRelease } from './guards/release.js';
import { startMonitor } from './health/monitor.js';
import { Monitors } from './health/monitors.js';
import { Accounts } from './locks/accounts.js';
import { RegistryClient } from './registry/registry-client.js';
import { RegistryServer } from './registry/registry-server.js';
import { Runners } from './runner/runners.js';
import { Scopes } from './sessions/scopes.js';
import { Session } from './sessions/session.js';
import { Sessions } from './sessions/sessions.js';
import { Subsystems } from './subsystems/subsystems.js';

export interface CleanroomOptions {
  /** Everything the service writes goes below it. */
  readonly directory: string;
  /** `docker` or `process`. */
  readonly runtime: string;
}

export interface Cleanroom extends ChosenRuntime {
  readonly registry: RegistryServer;
  readonly tracker: CleanupTracker;
  readonly fixtures: Fixtures;
  readonly sessions: Sessions;
  readonly scopes: Scopes;
  readonly monitors: Monitors;
  readonly environments: Environments;
  readonly reports: Reports;
  readonly accounts: Accounts;
  readonly runners: Runners;
  readonly holders: Holders;
  readonly subsystems: Subsystems;
  /** Cleans up after a run whose holder is gone. */
  cleanUpAfter(runId: string): Promise<Survivors>;
  close(): Promise<void>;
}

const accountCount = 8;
const collectorTimeoutMs = 20;
const drainMs = 1_000;

/** Starts the service; sound unless defects are planted. */
export async function startCleanroom(defects: ReadonlySet<DefectName>, options: CleanroomOptions): Promise<Cleanroom> {
  // Sockets have short names: the system allows about a hundred characters for the whole path.
  const directory = mkdtempSync(join(options.directory, 'room-'));
  const serviceId = `${process.pid}-${directory.slice(-6)}`;
  const chosen = await chooseRuntime(options.runtime, { serviceId, directory });
  const { runtime } = chosen;
  const registryPath = join(directory, 'r');
  const collectorPath = join(directory, 'c');
  const registry = await RegistryServer.listen(registryPath);
  const client = await RegistryClient.connect(registryPath);
  const collector = await Collector.listen(collectorPath);
  const tracker = new CleanupTracker();
  const release = trackedRelease(tracker);
  const stop = defects.has('stop-unverified') ? stopUnverified : stopVerified;
  const SessionKind = defects.has('throw-before-registration') ? LateSession : Session;
  const runners = new Runners({ serviceId, directory, registryPath, defects: [...defects] });
  const holders = new Holders({ serviceId, directory });
  const cleanUpAfter = (runId: string) => {
    registry.forget(runId);
    return emergencyCleanup(runtime, emergencyPlan(defects, runId), reportFailure);
  };
  const close = async () => {
    await Promise.race([tracker.drain(), wait(drainMs)]);
    await Promise.all([runners.close(), holders.close()]);
    // Whatever was lost on the way, nothing of this service outlives it.
    await emergencyCleanup(runtime, { runId: undefined }, reportFailure);
    client.close();
    registry.close();
    collector.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return {
    ...chosen,
    registry,
    tracker,
    fixtures: new Fixtures({ registry: client, releases: guardReleases(defects, release), report: reportFailure }),
    sessions: new Sessions({ runtime, stop, tracker, detached: defects.has('session-guard-detached') }),
    scopes: new Scopes({
      registry: client,
      release,
      report: reportFailure,
      createSession: (runId) => new SessionKind(runId, { runtime, stop }),
    }),
    monitors: new Monitors(monitorKind(defects), directory),
    environments: new Environments({
      collectorPath,
      ...(!defects.has('environment-retained') && { reportTimeoutMs: collectorTimeoutMs }),
      keepsMetricsLoop: defects.has('metrics-loop-survives'),
      loops: { count: 0 },
      report: () => undefined,
    }),
    reports: new Reports({
      directory: options.directory,
      keepsCoverage: defects.has('coverage-kept'),
      keepsArtifacts: defects.has('artifacts-kept'),
    }),
    accounts: new Accounts({ count: accountCount, takesLocksAsTheyCome: defects.has('lock-order') }),
    runners,
    holders,
    subsystems: new Subsystems({ leavesExecutor: defects.has('untracked-executor') }),
    cleanUpAfter,
    close,
  };
}

function guardReleases(defects: ReadonlySet<DefectName>, sound: Release): Record<GuardKind, Release> {
  const releaseOf = (detached: DefectName): Release => {
    if (defects.has('fix-that-hangs')) return blockingRelease;
    if (defects.has('fix-that-does-nothing')) return emptyRelease;
    return defects.has(detached) ? detachedRelease : sound;
  };
  return {
    container: releaseOf('container-guard-detached'),
    health: releaseOf('health-guard-detached'),
    resource: releaseOf('resource-guard-detached'),
  };
}

function monitorKind(defects: ReadonlySet<DefectName>): typeof startMonitor {
  if (defects.has('monitors-never-cleared')) return startEndlessMonitor;
  return defects.has('monitor-abort-lags') ? startLaggingMonitor : startMonitor;
}

function emergencyPlan(defects: ReadonlySet<DefectName>, runId: string): EmergencyPlan {
  return {
    runId: defects.has('emergency-ignores-run') ? undefined : runId,
    ...(defects.has('emergency-stops-only') && { stop: stopOnly }),
  };
}

function reportFailure(error: unknown): void {
  process.stderr.write(`clean-up: ${error instanceof Error ? error.message : String(error)}\n`);
}
