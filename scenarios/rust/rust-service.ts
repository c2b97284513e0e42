import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandTarget } from '../../harness/index.js';
import { requireCommand } from '../required-packages.js';

/** The first time, cargo fetches and compiles what all services need. */
const buildTimeoutMs = 300_000;

/**
 * A service of the workspace beside this file with the defects of the run planted. It shows nothing of itself, and is looked
 * into from plateau. Cargo compiles it on first use and keeps it for this user, off the installed package.
 */
export function rustService(name: string) {
  return ({ defects }: { readonly defects: readonly string[] }): CommandTarget => {
    requireCommand(name, 'cargo', 'install Rust (Debian: apt-get install cargo gcc; others: rustup)');
    const manifest = fileURLToPath(new URL('./Cargo.toml', import.meta.url));
    const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
    const build = ['--quiet', '--release', '--locked', '--manifest-path', manifest, '--package', name];
    return {
      command: ['cargo', 'run', ...build, '--', ...defects.flatMap((defect) => ['--defect', defect])],
      env: { CARGO_TARGET_DIR: join(cache, 'plateau', 'rust-services') },
      ready: { line: /listening on (?<url>http:\/\/127\.0\.0\.1:(?<port>\d+))/, timeoutMs: buildTimeoutMs },
    };
  };
}
