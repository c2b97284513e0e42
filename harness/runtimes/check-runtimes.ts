import type { CapabilityCheck } from '../model/doctor-report.js';
import type { Runtime } from '../model/runtime.js';

/** What every runtime needs on this machine, as `plateau doctor` shows it. */
export async function checkRuntimes(runtimes: readonly Runtime[]): Promise<CapabilityCheck[]> {
  const checks = await Promise.all(runtimes.map(checksOf));
  return checks.flat();
}

async function checksOf({ name, requirements }: Runtime): Promise<CapabilityCheck[]> {
  const found = (await requirements?.()) ?? [];
  return found.map(({ check, ok, detail, hint }) => ({
    capability: check,
    group: 'runtimes',
    status: ok ? 'ok' : 'missing',
    detail,
    purpose: `looking into targets written in ${name}`,
    ...(ok
      ? {}
      : { loss: `targets written in ${name} are seen from outside only`, remedy: hint ?? `install ${check}` }),
  }));
}
