import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../../../service/service-error.js';
import { TempFileGuard } from './temp-file-guard.js';

export interface ReportsParts {
  readonly directory: string;
  /** Files of either kind are left behind. */
  readonly keepsCoverage: boolean;
  readonly keepsArtifacts: boolean;
}

const coverageBytes = 4 * 1024;
const artifactsPerContainer = 3;

/** What a container under test produces: a coverage profile, and artifacts in a directory that all share. */
export class Reports {
  readonly #guards = new Map<number, readonly Disposable[]>();
  readonly #parts: ReportsParts;
  #nextId = 1;

  constructor(parts: ReportsParts) {
    this.#parts = parts;
    mkdirSync(join(parts.directory, 'cleanroom-artifacts'), { recursive: true });
  }

  collect(): { id: number } {
    const id = this.#nextId++;
    const { directory, keepsCoverage, keepsArtifacts } = this.#parts;
    const coverage = new TempFileGuard(join(directory, `coverage_${id}.profraw`));
    writeFileSync(coverage.path, Buffer.alloc(coverageBytes, id));
    const artifacts = Array.from({ length: artifactsPerContainer }, (_, number) => {
      const artifact = new TempFileGuard(join(directory, 'cleanroom-artifacts', `${id}-${number + 1}.log`));
      writeFileSync(artifact.path, `artifact ${number + 1} of ${id}\n`);
      return artifact;
    });
    this.#guards.set(id, [...(keepsCoverage ? [] : [coverage]), ...(keepsArtifacts ? [] : artifacts)]);
    return { id };
  }

  discard(id: number): void {
    const guards = this.#guards.get(id);
    if (guards === undefined) throw new ServiceError(404, `report ${id}: not collected`);
    this.#guards.delete(id);
    for (const guard of guards) guard[Symbol.dispose]();
  }
}
