import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { invalidOption, type PlateauError } from '../../model/errors.js';
import { findCommit, type Repository, resolveCommit } from '../../repository/repository.js';
import type { Variant } from '../../run/pair/variant.js';
import { readShellWords } from './shell-words.js';

/** What a variant may name. */
export interface VariantWorld {
  /** Defects that the scenario can plant. */
  readonly defects: readonly string[];
  readonly directory: string;
  readonly repository: Repository | undefined;
}

export const variantForms = `sound, defect:<name,...>, ref:<commit>, dir:<path> or cmd:<command>`;

/**
 * What `--before` or `--after` names. A form may be left out where it is plain which one is meant: no text at all or
 * `--defect <name>` are defects, a path is a directory, a name that git knows is a commit, several words are a command.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` with the forms, `PLATEAU_INVALID_REVISION`
 */
export async function readVariant(option: string, text: string, world: VariantWorld): Promise<Variant> {
  const given = text.trim();
  const [, form, rest = ''] = /^(defect|ref|dir|cmd):(.*)$/s.exec(given) ?? [];
  switch (form) {
    case 'defect':
      return { kind: 'defects', defects: namesIn(option, rest) };
    case 'ref':
      return revision(option, rest, world);
    case 'dir':
      return { kind: 'directory', path: rest };
    case 'cmd':
      return { kind: 'command', words: readShellWords(rest), directory: world.directory };
    default:
      return inferred(option, given, world);
  }
}

async function inferred(option: string, given: string, world: VariantWorld): Promise<Variant> {
  if (given === '' || given === 'sound') return { kind: 'defects', defects: [] };
  if (/^--defect\b/.test(given)) return { kind: 'defects', defects: defectFlags(option, given) };
  const names = given.split(',');
  if (names.every((name) => world.defects.includes(name))) return { kind: 'defects', defects: names };
  const isDirectory = statSync(resolve(world.directory, given), { throwIfNoEntry: false })?.isDirectory() ?? false;
  const sha = world.repository === undefined ? undefined : await findCommit(world.repository, given);
  const pathLike = /^\.{0,2}[/\\]|^\.{1,2}$/.test(given);
  if (isDirectory && sha !== undefined && !pathLike)
    throw invalid(
      option,
      `a directory or a commit, got "${given}", which is both`,
      `${option} ref:${given} or ${option} dir:${given}`,
    );
  if (isDirectory) return { kind: 'directory', path: given };
  if (sha !== undefined) return { kind: 'revision', reference: given, sha };
  if (/\s/.test(given)) return { kind: 'command', words: readShellWords(given), directory: world.directory };
  const known = world.defects.length === 0 ? '' : `; its defects are ${world.defects.join(', ')}`;
  throw invalid(
    option,
    `${variantForms}, got "${given}", which is no defect, commit or directory`,
    `plateau help ab${known}`,
  );
}

async function revision(option: string, reference: string, { repository }: VariantWorld): Promise<Variant> {
  if (repository === undefined)
    throw invalid(option, 'a git repository around the scenario for ref:', 'start plateau within the repository');
  return { kind: 'revision', reference, sha: await resolveCommit(repository, reference, option) };
}

function namesIn(option: string, text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return [...new Set(names)];
  throw invalid(option, 'names of defects with commas between them', `${option} defect:commit-locks`);
}

/** `--defect a --defect=b`, as they are given to `plateau run`. */
function defectFlags(option: string, text: string): readonly string[] {
  const words = readShellWords(text).flatMap((word) => word.split(/(?<=^--defect)=/));
  const names = words.filter((_, index) => index % 2 === 1);
  if (words.length % 2 === 1 || words.some((word, index) => index % 2 === 0 && word !== '--defect'))
    throw invalid(option, `--defect <name>, got "${text}"`, `${option} defect:<name,...> says the same`);
  return [...new Set(names)];
}

function invalid(option: string, expected: string, hint: string): PlateauError {
  return invalidOption(`${option}: expected ${expected}.`, hint);
}

/** A variant as people read it. */
export function variantName(variant: Variant): string {
  switch (variant.kind) {
    case 'defects':
      return variant.defects.length === 0 ? 'sound' : variant.defects.join(' + ');
    case 'command':
      return variant.words.join(' ');
    case 'directory':
      return variant.path;
    case 'revision': {
      const short = variant.sha.slice(0, 9);
      return variant.sha.startsWith(variant.reference) ? short : `${variant.reference} (${short})`;
    }
  }
}
