import { expect, test } from 'vitest';
import { plateau } from '../support/cli.js';

interface Job {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly completionMode: string;
    readonly completions: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly image: string; readonly command: string[]; readonly env: object[] }[];
      };
    };
  };
}

async function manifest(...given: readonly string[]): Promise<Job> {
  const { stdout, exitCode } = await plateau(['fleet', 'manifest', '--image', 'registry.internal/soak:7', ...given]);
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Job;
}

test('an Indexed Job of workers takes the address of the queue from a Secret', async () => {
  const { apiVersion, kind, spec } = await manifest('--workers', '8', '--queue-secret', 'soak-queue');
  expect([apiVersion, kind, spec.completionMode, spec.completions]).toEqual(['batch/v1', 'Job', 'Indexed', 8]);
  const [container] = spec.template.spec.containers;
  expect(container?.image).toBe('registry.internal/soak:7');
  expect(container?.command.at(-1)).toContain('plateau worker');
  expect(JSON.stringify(container?.env)).toContain('"secretKeyRef":{"name":"soak-queue","key":"url"}');
});

test('with --shard each index runs its part of the suite', async () => {
  const { spec } = await manifest('--workers', '3', '--shard');
  const [container] = spec.template.spec.containers;
  expect(container?.command.at(-1)).toContain('--shard "$((INDEX + 1))/3"');
  expect(JSON.stringify(container?.env)).toContain('batch.kubernetes.io/job-completion-index');
});

test.each([
  ['--name', 'Night Run'],
  ['--queue-secret', '../x'],
])('a bad name: %s %s', async (option, value) => {
  const { exitCode, stderr } = await plateau(['fleet', 'manifest', '--image', 'soak', option, value]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(`${option}: expected a DNS label`);
});
