import type { HostedModule } from '../../model/agent-protocol.js';
import type { RunningTarget } from '../../model/target.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';

/** A function of a process that runs already and has connected itself to plateau: a test, say. */
export interface AttachedFunction {
  readonly kind: 'attached';
  readonly reference: string;
  readonly name: string;
  /** Files below it are called by their relative path. */
  readonly directory: string;
  readonly target: RunningTarget;
  readonly form: HostedModule & { form: 'functions' };
}

/** What can be driven and measured. */
export type SessionSource = LoadedScenario | AttachedFunction;
