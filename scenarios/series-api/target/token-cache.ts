export interface TokenInfo {
  readonly id: number;
  readonly owner: string;
}

/** What is known of tokens, by their hash, so that not every request asks the database. */
export interface TokenCache {
  readonly size: number;
  get(hash: string): TokenInfo | undefined;
  set(hash: string, info: TokenInfo): void;
  /** The token is valid no longer. */
  revoke(hash: string): void;
}

interface Entry {
  readonly info: TokenInfo;
  readonly expiresAtMs: number;
}

export interface TokenCacheLimits {
  readonly entries: number;
  readonly timeToLiveMs: number;
}

/** The tokens used last, each for a while. */
export class LruTokenCache implements TokenCache {
  protected readonly entries = new Map<string, Entry>();
  protected readonly limits: TokenCacheLimits;

  constructor(limits: TokenCacheLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.entries.size;
  }

  get(hash: string): TokenInfo | undefined {
    const entry = this.entries.get(hash);
    if (entry === undefined) return undefined;
    this.entries.delete(hash);
    if (entry.expiresAtMs <= performance.now()) return undefined;
    this.entries.set(hash, entry);
    return entry.info;
  }

  set(hash: string, info: TokenInfo): void {
    this.entries.delete(hash);
    this.entries.set(hash, { info, expiresAtMs: performance.now() + this.limits.timeToLiveMs });
    if (this.entries.size > this.limits.entries) this.entries.delete(this.entries.keys().next().value!);
  }

  revoke(hash: string): void {
    this.entries.delete(hash);
  }
}
