// Leases that are renewed by a timer each. The leak: the timer of a lease that was given back is not cleared, and holds the lease.
import { leaks } from './planted.mjs';

const leases = new Map();

export function create(cycle) {
  const lease = { cycle, holder: `holder-${cycle % 32}`, renewals: 0, renewal: undefined };
  lease.renewal = setInterval(() => (lease.renewals += 1), 3_600_000);
  lease.renewal.unref();
  leases.set(cycle, lease);
  return lease;
}

export async function destroy(lease) {
  await null;
  leases.delete(lease.cycle);
  if (!leaks(lease.cycle)) clearInterval(lease.renewal);
}
