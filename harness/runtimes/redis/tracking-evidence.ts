import type { LiveSite } from '../../model/runtime.js';
import { plainSite } from '../plain-site.js';
import { numberOf, type ServerInfo } from './server-info.js';

/**
 * What Redis reports nowhere. Measured with Redis 7.0: 52 B for each client that has read a key of 8, and 98 B for each
 * ever-new key that one client has read.
 */
const bytesPerReader = 50;
const bytesPerKey = 48;
/** Of a prefix that a client watches (BCAST), beside what the server counts as that client's. */
const bytesPerPrefix = 145;

/** For client-side caches the server remembers who has read which key, of clients that have gone too. */
export function trackingSites(info: ServerInfo): LiveSite[] {
  const readers = numberOf(info, 'tracking_total_items');
  const heapUsed = bytesPerReader * readers + bytesPerKey * numberOf(info, 'tracking_total_keys');
  const what = 'readers of keys that CLIENT TRACKING remembers (tracking-table-max-keys limits the keys)';
  const prefixes = numberOf(info, 'tracking_total_prefixes');
  const watched = 'prefixes that CLIENT TRACKING watches for clients (BCAST)';
  return [
    plainSite('retainer', what, { heapUsed }, readers),
    plainSite('retainer', watched, { heapUsed: bytesPerPrefix * prefixes }, prefixes),
  ];
}
