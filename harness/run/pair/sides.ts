import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { invalidOption, type PlateauError } from '../../model/errors.js';
import { Checkouts } from '../../repository/checkouts.js';
import type { Repository } from '../../repository/repository.js';
import { forgetLostWorktrees } from '../../repository/worktrees.js';
import { type LoadedScenario, loadScenario } from '../../scenario/load-scenario.js';
import { checkDefects } from '../check-defects.js';
import { type Variant, withCommand } from './variant.js';

/** A variant that is ready to be run. */
export interface Side {
  readonly source: LoadedScenario;
  readonly defects: readonly string[];
  readonly notes: readonly string[];
  /** A checkout that is removed afterwards, and where the same files lie that stay. */
  readonly checkout?: { readonly directory: string; readonly root: string };
}

export interface SidesPlan {
  /** The scenario as the user has it. */
  readonly source: LoadedScenario;
  /** Its module; absent for one that comes with plateau. */
  readonly file: string | undefined;
  /** Where the user stands: relative paths start here. */
  readonly directory: string;
  readonly repository: Repository | undefined;
  readonly build: string | undefined;
  readonly logDirectory: string;
  /** Unique. */
  readonly id: string;
  readonly signal: AbortSignal;
  /** Notified before a build, which may take long. */
  readonly onBuild: (reference: string) => void;
}

/** Makes sides of variants, and removes afterwards what was made for them. */
export class Sides {
  private checkouts: Checkouts | undefined;

  constructor(private readonly plan: SidesPlan) {}

  /** @throws {PlateauError} for what the caller can correct; `PLATEAU_BUILD`, `PLATEAU_GIT` */
  async prepare(variant: Variant): Promise<Side> {
    const { source } = this.plan;
    switch (variant.kind) {
      case 'defects':
        checkDefects(variant.defects, source.kind === 'definition' ? source.scenario : undefined, source.name);
        return { source, defects: variant.defects, notes: [] };
      case 'command':
        return { source: withCommand(source, variant), defects: [], notes: [] };
      case 'directory':
        return { source: await loadScenario(this.fileIn(variant.path)), defects: [], notes: [] };
      case 'revision':
        return this.checkOut(variant);
    }
  }

  /** May be called again. */
  async close(): Promise<void> {
    await this.checkouts?.close();
    this.checkouts = undefined;
  }

  private async checkOut({ reference, sha }: Variant & { kind: 'revision' }): Promise<Side> {
    const { repository, build, logDirectory, id, signal, onBuild } = this.plan;
    const file = this.ownFile(`ref:${reference}`);
    if (repository === undefined)
      throw invalid(`ref:${reference}: expected a git repository around ${file}, got none.`);
    if (this.checkouts === undefined) {
      await forgetLostWorktrees(repository);
      this.checkouts = new Checkouts(repository, id, file);
    }
    if (build !== undefined) onBuild(reference);
    const request = { sha, ...(build !== undefined && { build }), logDirectory, signal };
    const checkout = await this.checkouts.prepare(request);
    return {
      source: await loadScenario(checkout.scenarioFile),
      defects: [],
      notes: checkout.notes,
      checkout: { directory: checkout.directory, root: repository.root },
    };
  }

  /** The module in another directory: as it lies from here, or from the root of the repository. */
  private fileIn(path: string): string {
    const { directory, repository } = this.plan;
    const file = this.ownFile(`dir:${path}`);
    const origins = [directory, ...(repository === undefined ? [] : [repository.root])];
    const candidates = [...new Set(origins.map((origin) => join(resolve(directory, path), relative(origin, file))))];
    const found = candidates.find((candidate) => existsSync(candidate));
    if (found !== undefined) return found;
    throw invalid(`dir:${path}: expected the scenario's module in it, got no file at ${candidates.join(' or ')}.`);
  }

  private ownFile(variant: string): string {
    const { file, source } = this.plan;
    if (file !== undefined) return file;
    throw invalid(
      `${variant}: expected a scenario that is a module of yours, got ${source.name}, which comes with plateau.`,
      'pass the path of its module, or compare defects: --before defect:<name> --after sound',
    );
  }
}

function invalid(message: string, hint = 'plateau help ab shows every form of --before and --after'): PlateauError {
  return invalidOption(message, hint);
}
