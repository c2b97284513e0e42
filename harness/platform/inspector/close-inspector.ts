import { systemClock } from '../clock.js';
import { InspectorClient } from './inspector-client.js';
import { findInspector } from './open-inspector.js';

const closeTimeoutMs = 2_000;
/** From the signal until the inspector listens takes some milliseconds. */
const opensWithinMs = 1_000;
const pollMs = 50;

interface EvaluationAnswer {
  readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } };
}

/** @throws {Error} with what the process says of the expression */
export async function evaluate(url: string, expression: string, signal: AbortSignal): Promise<void> {
  const client = await InspectorClient.connect(url, signal);
  try {
    // The command line has `require`, also where the target's code is made of ES modules.
    const answer = await client.ask<EvaluationAnswer>('Runtime.evaluate', { expression, includeCommandLineAPI: true });
    const { exceptionDetails } = answer;
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description?.split('\n')[0] ?? exceptionDetails.text);
  } finally {
    await client.close();
  }
}

/**
 * Of a process that the agent did not get into, or not to its end: an open inspector lets anybody in.
 * @returns whether the process has said that it closes it
 */
export function closeInspector(url: string): Promise<boolean> {
  const expression = "{ const { close } = require('node:inspector'); setImmediate(close); }";
  // A process that is busy evaluates this once it is free, after what was asked of it before.
  return evaluate(url, expression, AbortSignal.timeout(closeTimeoutMs)).then(
    () => true,
    () => false,
  );
}

/**
 * Closes the inspector that a plateau has had opened which died before it could close it.
 * @returns whether it is closed by now; undefined where none was open
 */
export async function closeLeftInspector(pid: number): Promise<boolean | undefined> {
  const deadlineMs = systemClock.monotonicMs() + opensWithinMs;
  for (;;) {
    const url = await findInspector(pid);
    if (url !== undefined) return closeInspector(url);
    if (systemClock.monotonicMs() >= deadlineMs) return undefined;
    await systemClock.wait(pollMs);
  }
}
