import { createHash, randomBytes } from 'node:crypto';
import { ServiceError } from '../../service/service-error.js';
import type { SqliteFile } from './sqlite/sqlite-file.js';
import type { TokenCache, TokenInfo } from './token-cache.js';

/** API tokens; the database knows their hashes only. */
export class Tokens {
  readonly #file: SqliteFile;
  readonly #cache: TokenCache;

  constructor(file: SqliteFile, cache: TokenCache) {
    this.#file = file;
    this.#cache = cache;
    file.use((database) => {
      database.exec(
        'CREATE TABLE IF NOT EXISTS tokens (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, owner TEXT NOT NULL)',
      );
    });
  }

  issue(owner: string): string {
    const token = randomBytes(24).toString('base64url');
    this.#file.use((database) =>
      database.prepare('INSERT INTO tokens (hash, owner) VALUES (?, ?)').run(hashOf(token), owner),
    );
    return token;
  }

  /** @throws {ServiceError} 401 */
  verify(token: string): TokenInfo {
    const hash = hashOf(token);
    const known = this.#cache.get(hash);
    if (known !== undefined) return known;
    const info = this.#file.use(
      (database) => database.prepare('SELECT id, owner FROM tokens WHERE hash = ?').get(hash) as TokenInfo | undefined,
    );
    if (info === undefined) throw new ServiceError(401, 'token: unknown');
    this.#cache.set(hash, info);
    return info;
  }

  revoke(token: string): void {
    const hash = hashOf(token);
    this.#file.use((database) => database.prepare('DELETE FROM tokens WHERE hash = ?').run(hash));
    this.#cache.revoke(hash);
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
