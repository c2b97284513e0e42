import { LruTokenCache, type TokenCache, type TokenCacheLimits } from '../token-cache.js';
import type { Defects } from './names.js';

/** Forgets a revoked token only when the cache is full or the token is asked for after its time. */
class CacheWithoutRevocation extends LruTokenCache {
  override revoke(_hash: string): void {}
}

/** Nor is there a cap: a token that is never asked for again stays. */
class UnboundedTokenCache extends CacheWithoutRevocation {
  constructor(limits: TokenCacheLimits) {
    super({ ...limits, entries: Number.POSITIVE_INFINITY });
  }
}

export function createTokenCache(defects: Defects, limits: TokenCacheLimits): TokenCache {
  if (defects.has('unbounded-token-cache')) return new UnboundedTokenCache(limits);
  if (defects.has('token-cache-without-revocation')) return new CacheWithoutRevocation(limits);
  return new LruTokenCache(limits);
}
