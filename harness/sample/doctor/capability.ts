import type { CapabilityCheck, CapabilityStatus } from '../../model/doctor-report.js';

/** What plateau wants of a machine, before it was looked at. */
export interface Capability {
  readonly capability: string;
  readonly group: CapabilityCheck['group'];
  readonly purpose: string;
  readonly loss: string;
  readonly remedy: string;
}

export interface Examination {
  readonly status: CapabilityStatus;
  readonly detail: string;
}

/** Loss and remedy are reported only of what is not there. An examination that fails finds nothing. */
export async function checkCapability(
  { loss, remedy, ...capability }: Capability,
  examine: () => Examination | Promise<Examination>,
): Promise<CapabilityCheck> {
  const { status, detail } = await examineSafely(examine);
  return { ...capability, status, detail, ...(status === 'ok' ? {} : { loss, remedy }) };
}

async function examineSafely(examine: () => Examination | Promise<Examination>): Promise<Examination> {
  try {
    return await examine();
  } catch (error) {
    return missing((error as Error).message);
  }
}

export const ok = (detail: string): Examination => ({ status: 'ok', detail });
export const limited = (detail: string): Examination => ({ status: 'limited', detail });
export const missing = (detail: string): Examination => ({ status: 'missing', detail });
