import { execFileSync } from 'node:child_process';

/** Builds the package once before any test runs; incremental, so that it costs little when nothing changed. */
export default function buildPackage(): void {
  execFileSync('npm', ['run', 'build', '--silent'], { stdio: 'inherit' });
}
