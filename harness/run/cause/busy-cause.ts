import { isJudgedUnderLoad } from '../../analyse/findings/idle.js';
import { busySuspects } from '../../attribute/hangs/busy-suspects.js';
import { SourceLocator } from '../../attribute/source/source-locator.js';
import type { Attribution, Manifest } from '../../model/run-log.js';
import type { Finding } from '../../model/run-record.js';
import { roundPlan } from '../measuring/round-plan.js';
import type { Session } from '../measuring/session.js';

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
export async function busyCause({
  session,
  manifest,
  findings,
  round,
  cycles,
  workingDirectory,
}: BusyPlan): Promise<Attribution | undefined> {
  const { agent } = session.target;
  const finding = findings.find(({ verdict }) => verdict === 'spinning');
  if (agent === undefined || finding === undefined) return undefined;
  const profile = agent.request('profile', { windowMs }, { timeoutMs: answerTimeoutMs });
  const underLoad = finding.metric === 'eventLoopDelay' && isJudgedUnderLoad(manifest);
  const load = roundPlan(manifest, round, Math.max(cycles, manifest.parameters.concurrency));
  const [reading] = await Promise.all([profile, underLoad ? session.driver.round(load) : undefined]);
  const locator = new SourceLocator(reading.sourceMaps, workingDirectory);
  return { ...busySuspects(reading, finding, locator), warnings: [], artifacts: [] };
}
