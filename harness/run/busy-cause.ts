import { isJudgedUnderLoad } from '../analyse/idle-channel.js';
import { busySuspects } from '../attribute/busy-suspects.js';
import { SourceLocator } from '../attribute/source-locator.js';
import type { Attribution, Manifest } from '../model/run-log.js';
import type { Finding } from '../model/run-record.js';
import type { Session } from './session.js';

const windowMs = 1_000;
/** The loop that is looked at may be blocked. */
const answerTimeoutMs = 60_000;

export interface BusyPlan {
  readonly session: Session;
  readonly manifest: Manifest;
  readonly findings: readonly Finding[];
  /** Of the last round, and how many cycles it had. */
  readonly round: number;
  readonly cycles: number;
  /** Where the target ran. */
  readonly workingDirectory: string;
}

/**
 * Looks at what a target that spins is doing, the very one that was measured, when nothing more is measured of it.
 * @returns undefined where nothing spins, or where one cannot look into the target
 */
export async function busyCause(plan: BusyPlan): Promise<Attribution | undefined> {
  const { session, manifest, findings, workingDirectory } = plan;
  const { agent } = session.target;
  const finding = findings.find(({ verdict }) => verdict === 'spinning');
  if (agent === undefined || finding === undefined) return undefined;
  const profile = agent.request('profile', { windowMs }, { timeoutMs: answerTimeoutMs });
  const underLoad = finding.metric === 'eventLoopDelay' && isJudgedUnderLoad(manifest);
  const [reading] = await Promise.all([profile, underLoad ? driveRound(plan) : undefined]);
  const locator = new SourceLocator(reading.sourceMaps, workingDirectory);
  return { ...busySuspects(reading, finding, locator), warnings: [], artifacts: [] };
}

/** A round as any other, of which nothing is noted. */
async function driveRound({ session, manifest, round, cycles }: BusyPlan): Promise<void> {
  const { concurrency, ratePerSecond } = manifest.parameters;
  await session.driver.round({
    round,
    cycles: Math.max(cycles, concurrency),
    concurrency,
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    seed: manifest.seed,
  });
}
