// Leases with a time-out each. The leak: the time-out of a lease that was given back is not cleared, and holds the lease.
import { leaks } from './planted.mjs';

const leases = new Map();

export function create(cycle) {
  const lease = { cycle, holder: `holder-${cycle % 32}`, expiry: undefined };
  lease.expiry = setTimeout(() => leases.delete(cycle), 3_600_000);
  lease.expiry.unref();
  leases.set(cycle, lease);
  return lease;
}

export async function destroy(lease) {
  await null;
  leases.delete(lease.cycle);
  if (!leaks(lease.cycle)) clearTimeout(lease.expiry);
}
