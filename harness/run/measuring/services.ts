import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { withMessage } from '../../model/errors.js';
import type { Scenario, ServiceDefinition } from '../../model/scenario.js';
import type { RunningTarget, TargetExit } from '../../model/target.js';
import type { StartContext } from '../../target/start-context.js';
import { startTarget } from '../../target/start-target.js';

export interface ServicePlan {
  readonly services: NonNullable<Scenario['services']>;
  /** Of the target. */
  readonly context: StartContext;
  /** The run's own: each service gets directories of its own in it. */
  readonly temporaryPath: string;
  /** Takes what the user should know of the run. */
  readonly warn: (message: string) => void;
  /** Takes what ends each service. */
  readonly onStarted: (stop: () => Promise<void>) => void;
}

/**
 * Starts the services of a scenario one after another; each is given the addresses of those before it.
 * @returns the address of each that has one, by the environment variable that names it
 * @throws {PlateauError} `PLATEAU_TARGET_START`
 */
export async function startServices(plan: ServicePlan): Promise<Readonly<Record<string, string>>> {
  const addresses: Record<string, string> = {};
  for (const [variable, definition] of Object.entries(plan.services)) {
    const given = withEnvironment(definition, addresses);
    const service = await startTarget(given, serviceContext(variable, plan)).catch((error: unknown) => {
      throw withMessage(error, (message) => `the service ${variable} ${message.replace(/^the target /, '')}`);
    });
    plan.onStarted(() => service.stop());
    void service.exited.then((exit) => warnOfEnd(variable, exit, service, plan.warn));
    if (service.url !== undefined) addresses[variable] = service.url;
  }
  return addresses;
}

function serviceContext(variable: string, { context, temporaryPath }: ServicePlan): StartContext {
  const { agentEnvironment: _, prepareLaunch: __, prepareServer: ___, ...shared } = context;
  // Beside that of the target: a server that runs as another user is let through the run's own directory alone.
  const temporaryDirectory = join(temporaryPath, `service-${variable}`);
  mkdirSync(temporaryDirectory);
  return {
    ...shared,
    name: `service ${variable}`,
    temporaryDirectory,
    dataDirectory: `${temporaryDirectory}-data`,
    logPath: join(dirname(context.logPath), `${variable}.log`),
    interpreterOnly: false,
  };
}

function withEnvironment(definition: ServiceDefinition, env: Readonly<Record<string, string>>): ServiceDefinition {
  if ('redis' in definition || 'postgres' in definition) return definition;
  return { ...definition, env: { ...env, ...definition.env } };
}

function warnOfEnd(
  variable: string,
  { expected, exitCode, signal }: TargetExit,
  service: RunningTarget,
  warn: (message: string) => void,
): void {
  if (expected) return;
  const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `signal ${signal}`;
  const last = service.lastLines().findLast((line) => line.trim() !== '');
  warn(`the service ${variable} ended in mid-run with ${how}${last === undefined ? '' : `: ${last}`}`);
}
