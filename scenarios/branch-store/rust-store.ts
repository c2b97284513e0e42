import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandTarget, PlateauError, type ScenarioDefinition } from '../../harness/index.js';

/** The first time, cargo fetches and compiles what the store needs. */
const buildTimeoutMs = 300_000;

/** What the scenarios of the store in Rust have in common: it shows nothing of itself, and is looked into from plateau. */
// A name is used once and then deleted: what stays for a name is no cache of names.
export const rustStoreScenario = { target: rustStore, universe: 256 } satisfies Partial<ScenarioDefinition>;

/**
 * The branch store in Rust with the defects of the run planted, compiled by cargo on first use and kept for this user.
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE` without cargo
 */
function rustStore({ defects }: { readonly defects: readonly string[] }): CommandTarget {
  requireCargo();
  const manifest = fileURLToPath(new URL('./rust-target/Cargo.toml', import.meta.url));
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const planted = defects.flatMap((name) => ['--defect', name]);
  return {
    command: ['cargo', 'run', '--quiet', '--release', '--locked', '--manifest-path', manifest, '--', ...planted],
    env: { CARGO_TARGET_DIR: join(cache, 'plateau', 'branch-store') },
    ready: { line: /listening on (?<url>http:\/\/127\.0\.0\.1:(?<port>\d+))/, timeoutMs: buildTimeoutMs },
  };
}

function requireCargo(): void {
  const directories = (process.env.PATH ?? '').split(delimiter);
  if (directories.some((directory) => isExecutable(join(directory, 'cargo')))) return;
  throw new PlateauError(
    'PLATEAU_MISSING_PACKAGE',
    'the branch store in Rust: expected cargo, which compiles it, got none in the PATH',
    { hint: 'install Rust (Debian: apt-get install cargo gcc; others: rustup)' },
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
