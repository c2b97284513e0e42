import { rmSync } from 'node:fs';

/** Removes a file when it is disposed of. */
export class TempFileGuard implements Disposable {
  constructor(readonly path: string) {}

  [Symbol.dispose](): void {
    rmSync(this.path, { force: true });
  }
}
