import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Driver } from '../../drive/driver.js';
import { createHostedDriver } from '../../drive/hosted-driver.js';
import { compileOperations } from '../../drive/http/request-operations.js';
import { SetupValues } from '../../drive/http/setup-values.js';
import { type HostedModule, virtualTimeVariable } from '../../model/agent-protocol.js';
import { invalidOption, PlateauError } from '../../model/errors.js';
import type { RunParameters } from '../../model/run-log.js';
import type { InsideView, RuntimePurpose } from '../../model/runtime.js';
import type { Scenario, TargetDefinition } from '../../model/scenario.js';
import type { RunningTarget } from '../../model/target.js';
import { thrownStack } from '../../model/thrown.js';
import { systemClock } from '../../platform/clock.js';
import { endProcesses } from '../../platform/end-processes.js';
import { formatOwnerMark } from '../../platform/process-identity.js';
import { findMarked, readProcessTable } from '../../platform/process-tree.js';
import { createRunTemporaryDirectory, removeRunTemporaryDirectory } from '../../platform/run-temporary-directory.js';
import { findListener } from '../../sample/find-listener.js';
import { createOutsideProbe } from '../../sample/outside/create-outside-probe.js';
import type { OutsideProbe } from '../../sample/outside/outside-probe.js';
import { loadRows } from '../../scenario/load-rows.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { endlessProblem, loadingProblem, loadingTimeoutMs, moduleError } from '../../scenario/loading-problem.js';
import type { StartContext } from '../../target/start-context.js';
import { startFailure } from '../../target/start-failure.js';
import { runRedactor } from '../run-redactor.js';
import { type ChildProcesses, openChildProcesses } from './child-processes.js';
import { CleanUp } from './clean-up.js';
import { createInsideDirectory, lookInside, prepareCommand, prepareNode, prepareServer } from './look-inside.js';
import type { DriverParts } from './open-scenario-driver.js';
import type { SessionSource } from './session-source.js';
import { createVirtualClock, type TargetClock, targetClockOf } from './target-clock.js';
import { checkVirtualTime, targetOf } from './target-definition.js';
import { behindUpstreams, openUpstreams, type Upstreams } from './upstreams.js';

/** No cycle for this long means that the target hangs. */
const usualStallMs = 20_000;

export interface SessionPlan {
  readonly source: SessionSource;
  readonly runId: string;
  readonly defects: readonly string[];
  readonly seed: number;
  readonly parameters: RunParameters;
  /** File for the target's output. */
  readonly logPath: string;
  readonly agentEnvironment?: Readonly<Record<string, string>>;
  /** What targets of other runtimes are looked into for. */
  readonly purpose: RuntimePurpose;
  /** Record what native code of a Node or Python target allocates. */
  readonly nativeMemory?: boolean;
  /** Number of the first cycle where the target runs already: what earlier passes and runs left in it is still there. @defaultValue 0 */
  readonly attachedFirstCycle?: number;
  /** Takes what the user should know of the run. */
  readonly warn: (message: string) => void;
  /** No cycle for this long means that the target hangs. @defaultValue 20 s */
  readonly stallMs?: number;
  readonly signal: AbortSignal;
}

/** A running target with all that drives and watches it. */
export interface Session {
  readonly target: RunningTarget;
  readonly driver: Driver;
  /** Absent when the target's process is not known. */
  readonly probe: OutsideProbe | undefined;
  /** Of a target that is not plateau's own Node process; absent when its process is not known. */
  readonly inside: InsideView | undefined;
  /** Of a Node target: what its children take. */
  readonly children: ChildProcesses | undefined;
  /** Of a target that was started with virtual time. */
  readonly clock: TargetClock | undefined;
  /** Ends the target and everything it started; may be called again. */
  close(): Promise<void>;
}

/**
 * Starts the target of a scenario and gets it ready to be driven; leaves nothing behind when that fails.
 * @throws {PlateauError} `PLATEAU_TARGET_START`, `PLATEAU_INVALID_SCENARIO`
 */
export async function openSession(plan: SessionPlan): Promise<Session> {
  checkVirtualTime(plan);
  const temporary = createRunTemporaryDirectory(plan.runId);
  const cleanUp = new CleanUp();
  cleanUp.push(() => removeRunTemporaryDirectory(temporary.path));
  cleanUp.push(() => endProcesses(() => findMarked(readProcessTable(), (mark) => mark.runId === plan.runId)));
  const close = () => cleanUp.run(plan.warn);
  let target: RunningTarget | undefined;
  try {
    const directory = createInsideDirectory(temporary.path);
    const virtualClock = createVirtualClock(plan, directory);
    const looking = { ...plan, directory, ownerDirectory: temporary.path, ...(virtualClock && { virtualClock }) };
    const context: StartContext = {
      name: plan.source.name,
      baseDirectory: plan.source.directory,
      ownerDirectory: temporary.path,
      temporaryDirectory: temporary.targetPath,
      dataDirectory: join(temporary.path, 'data'),
      ownerMarker: formatOwnerMark(plan.runId),
      logPath: plan.logPath,
      redact: runRedactor(plan.source),
      interpreterOnly: plan.parameters.interpreterOnly,
      agentEnvironment: {
        ...plan.agentEnvironment,
        ...(plan.parameters.virtualTime && { [virtualTimeVariable]: '1' }),
        ...(await prepareNode(looking)),
      },
      prepareLaunch: (command) => prepareCommand(command, looking),
      prepareServer: (account) => prepareServer(account, looking),
      findListener,
      warn: plan.warn,
      signal: plan.signal,
    };
    const setupValues = new SetupValues();
    const requests = requestsOf(plan.source, setupValues);
    const scenario = plan.source.kind === 'definition' ? plan.source.scenario : undefined;
    const services = await startServicesOf(scenario, context, cleanUp, temporary.path);
    const upstreams = await openUpstreams(scenario, services, (close) => cleanUp.push(close));
    const started = await startSource(plan, context, upstreams);
    target = started;
    cleanUp.push(() => started.stop());
    const parts = { ...plan, requests, setupValues, services, upstreams: upstreams.proxies };
    const driver = await createDriver(parts, target, cleanUp);
    const probe = probeOf(target, plan.runId);
    cleanUp.push(() => probe?.close());
    const clock = targetClockOf(plan, target, virtualClock);
    const inside = await lookInside(target, looking);
    cleanUp.push(() => inside?.close());
    const children = openChildProcesses(target, { ...plan, ownerDirectory: temporary.path, clock: systemClock });
    cleanUp.push(() => children?.close());
    await driver.setup();
    cleanUp.push(() => driver.teardown());
    return { target, driver, probe, inside, children, clock, close };
  } catch (error) {
    const failure = target === undefined ? error : await startFailure(error, target);
    await close();
    throw failure;
  }
}

function probeOf(
  { pid, wholeTree, temporaryDirectory, agent, isStarted }: RunningTarget,
  runId: string,
): OutsideProbe | undefined {
  if (pid === undefined) return undefined;
  const memoryDecides = agent === undefined;
  return createOutsideProbe({ pid, wholeTree, temporaryDirectory, runId, memoryDecides, isStarted });
}

/** @returns their addresses by environment variable */
async function startServicesOf(
  scenario: Scenario | undefined,
  context: StartContext,
  cleanUp: CleanUp,
  temporaryPath: string,
): Promise<Readonly<Record<string, string>>> {
  if (scenario?.services === undefined) return {};
  const { startServices } = await import('./services.js');
  const { warn } = context;
  const onStarted = (stop: () => Promise<void>) => cleanUp.push(stop);
  return startServices({ services: scenario.services, context, temporaryPath, warn, onStarted });
}

async function startSource(
  { source, defects, parameters: { nodeArguments = [] } }: SessionPlan,
  context: StartContext,
  upstreams: Upstreams,
): Promise<RunningTarget> {
  if (source.kind === 'attached') return { ...source.target, temporaryDirectory: context.temporaryDirectory };
  // Loaded here: what starts processes takes 120 ms of CPU, and the process of a test runs already.
  const { startHost, startTarget } = await import('../../target/start-target.js');
  if (source.kind === 'functions')
    return startHost(context, { typescript: /\.[cm]?ts$/.test(source.file), nodeArguments });
  const definition = withNodeArguments(targetOf(source.scenario, defects), nodeArguments);
  return startTarget(behindUpstreams(definition, upstreams), context);
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a target that is no Node script */
function withNodeArguments(definition: TargetDefinition, nodeArguments: readonly string[]): TargetDefinition {
  if (nodeArguments.length === 0) return definition;
  if ('script' in definition)
    return { ...definition, nodeArguments: [...(definition.nodeArguments ?? []), ...nodeArguments] };
  throw invalidOption(
    `--node-option ${nodeArguments[0]}: expected a Node script or a module of functions, got another target.`,
    'give the flag in the command of the target',
  );
}

/** Before the target is started: a value that cannot be had is a mistake of the scenario. */
function requestsOf(source: SessionSource, setup: SetupValues): DriverParts['requests'] {
  if (source.kind !== 'definition') return new Map();
  const { csv } = source.scenario;
  const rows = csv === undefined ? {} : { rows: loadRows(csv, source.directory) };
  return compileOperations(source.scenario, { environment: process.env, setup, ...rows });
}

async function createDriver(plan: SessionPlan & DriverParts, target: RunningTarget, cleanUp: CleanUp): Promise<Driver> {
  const { source, seed, stallMs = usualStallMs } = plan;
  if (source.kind !== 'definition') {
    const module = source.kind === 'attached' ? source.form : await loadHosted(source, target);
    return createHostedDriver({ name: source.name, agent: target.agent!, module, seed, clock: systemClock, stallMs });
  }
  // Loaded here: functions are driven in the target, and loading what drives requests takes 250 ms of CPU.
  const { openScenarioDriver } = await import('./open-scenario-driver.js');
  return openScenarioDriver({ ...plan, scenario: source.scenario, name: source.name, stallMs }, target, cleanUp);
}

async function loadHosted(
  source: LoadedScenario & { kind: 'functions' },
  target: RunningTarget,
): Promise<HostedModule & { form: 'functions' }> {
  const url = pathToFileURL(source.file).href;
  const { file } = source;
  const asked = target.agent!.request('module', { module: url }, { timeoutMs: loadingTimeoutMs });
  const hosted = await asked.catch(async (cause: unknown) => {
    const isEndless = cause instanceof PlateauError && cause.code === 'PLATEAU_TARGET_UNRESPONSIVE';
    if (cause instanceof PlateauError && !isEndless) throw cause;
    const stack = (cause as { targetStack?: string }).targetStack ?? thrownStack(cause);
    const problem = isEndless ? endlessProblem : await loadingProblem(file, stack);
    throw moduleError('PLATEAU_INVALID_SCENARIO', `scenario ${file}`, problem, cause);
  });
  if (hosted.form === 'functions') return hosted;
  const problem =
    hosted.form === 'invalid' ? hosted.problem : 'the scenario is defined in another module; pass that module instead';
  throw new PlateauError('PLATEAU_INVALID_SCENARIO', `scenario ${source.file}: ${problem}`, {
    hint: 'see "Writing a scenario" in scenarios/README.md for both forms of a scenario module',
  });
}
