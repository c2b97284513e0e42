import { rmSync } from 'node:fs';

/** Removes a file, or a directory with all in it, when it is disposed of. */
export class TempFileGuard implements Disposable {
  constructor(readonly path: string) {}

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
