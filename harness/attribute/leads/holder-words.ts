import type { CodeLocation, Suspect } from '../../model/run-record.js';
import type { GrowingGroup } from '../evidence/growing-group.js';
import type { GrownKind, HolderGrowth } from '../snapshot/holders-by-path.js';
import type { SourceLocator } from '../source/source-locator.js';
import { findDeclaration } from '../source/source-search.js';

/** An entry that comes less often than this is not what comes every cycle. */
const shareOfEntriesMin = 0.2;

/** What is known of a holder that has grown, and of where it grows. */
export interface DescribedHolder {
  readonly holder: HolderGrowth;
  readonly group: GrowingGroup | undefined;
  /** Things that come each cycle. */
  readonly rate: number;
  readonly location: CodeLocation | undefined;
  readonly locator: SourceLocator;
  /** The hooks saw what it holds being made there; else the line is found by its names. */
  readonly isSeenMade?: boolean;
}

/** A holder of which only the path is known. */
export const nothingHeld: Omit<HolderGrowth, 'path' | 'tableBytes'> = {
  ids: [],
  bytes: 0,
  storageBytes: 0,
  offHeapBytes: 0,
  classes: {},
  listeners: 0,
  kinds: [],
};

/** One sentence: what is added, where, and what keeps it. */
export function describeGrowth({ holder, group, rate, location, locator, isSeenMade }: DescribedHolder): string {
  const place = location === undefined ? '' : ` at ${locator.shortPlace(location)}`;
  // Briefly: its class and file stand beside its path.
  const kept = `\`${shownExpression(holder)}\``;
  const amount = `${Number(rate.toPrecision(2))} a cycle`;
  if (group?.kind === 'listener')
    return `Listeners of ${group.type} added${place} are not removed (${amount}); kept by ${kept}`;
  if (holder.path.expression === 'timers' && isSeenMade) return `Timers started${place} are not cleared (${amount})`;
  return `${entryNoun(holder)} added${place} (${amount}) are kept by ${kept}`;
}

export function isObject({ type, name }: GrownKind): boolean {
  return type === 'object' && !name.startsWith('system / ');
}

export function entriesOf({ kinds }: HolderGrowth): GrownKind[] {
  return kinds.filter(({ entries }) => entries > 0).sort((a, b) => b.entries - a.entries);
}

function entryNoun(holder: HolderGrowth): string {
  const entries = entriesOf(holder);
  const most = entries[0]?.entries ?? 0;
  const frequent = entries.filter(({ entries: count }) => count >= most * shareOfEntriesMin);
  const object = frequent.find(isObject);
  if (object !== undefined) return objectNoun(object);
  const closure = frequent.find(({ type }) => type === 'closure');
  if (closure !== undefined) return closure.name === '' ? 'Functions' : `Functions \`${closure.name}\``;
  if (frequent.some(({ type }) => type.includes('string'))) return 'Strings';
  const largest = holder.kinds.find(isObject);
  return largest === undefined ? 'Entries' : objectNoun(largest);
}

function objectNoun({ name }: GrownKind): string {
  return name === 'Object' ? 'Objects' : `\`${name}\` objects`;
}

/** The holder as a suspect reports it. */
export function describeHolder({ holder, group, location, locator }: DescribedHolder): Suspect['holder'] {
  const { steps, origin, script } = holder.path;
  const shown = group?.kind === 'listener' ? [...steps, `listeners of ${group.type}`] : [...steps];
  const [entry] = entriesOf(holder);
  if (holder.path.className === 'variable' && entry !== undefined) shown[shown.length - 1] += `: ${entry.name}`;
  const { variable, field } = declarationsOf(holder, location, locator);
  const file = script === undefined || origin === 'root' ? '' : fileOf(script, variable, locator);
  if (origin === 'variable' && file !== '') shown[0] = `${shown[0]} (${file})`;
  const declared = field ?? variable;
  return {
    description: holderName(holder, group, file),
    path: shown,
    ...(declared !== undefined && { location: declared }),
  };
}

function shownExpression({ path }: HolderGrowth): string {
  return path.ownExpression ?? path.expression;
}

function holderName(holder: HolderGrowth, group: GrowingGroup | undefined, file: string): string {
  const expression = shownExpression(holder);
  const { className } = holder.path;
  const kind = group?.kind === 'listener' ? group.type.split(' ')[0]! : className;
  const parts = [kind, file].filter((part) => part !== '' && part !== 'variable' && part !== expression).join(' in ');
  return `\`${expression}\`${parts === '' ? '' : ` (${parts})`}`;
}

/** Of the many files of a bundle, the one in which the variable is declared. */
function fileOf(script: string, variable: CodeLocation | undefined, locator: SourceLocator): string {
  return variable === undefined ? locator.shortScript(script) : locator.shortFile(variable.file);
}

interface Declarations {
  readonly variable: CodeLocation | undefined;
  readonly field: CodeLocation | undefined;
}

/** Where the variable that the path begins with is declared, and the field that is the holder. */
function declarationsOf(
  { path: { names, script, origin } }: HolderGrowth,
  location: CodeLocation | undefined,
  locator: SourceLocator,
): Declarations {
  const own = script === undefined || origin === 'root' ? [] : locator.sourcesOf(script);
  const place = location === undefined ? [] : [location.file];
  const near = [...place, ...own];
  const variable = origin === 'variable' ? names.at(-1) : undefined;
  const field = names.length > 1 || origin !== 'variable' ? names[0] : undefined;
  const find = (name: string | undefined, kind: 'variable' | 'property', files: readonly string[]) => {
    for (const file of name === undefined ? [] : files) {
      const found = findDeclaration(locator.linesOf(file), name!, kind);
      if (found !== undefined) return locator.describe({ file, ...found });
    }
    return undefined;
  };
  const declared = find(
    variable,
    'variable',
    near.filter((file) => own.includes(file)),
  );
  // In a bundle of many files many have a field of that name.
  const places = own.length > 1 ? [...place, ...(declared === undefined ? [] : [declared.file])] : near;
  return { variable: declared, field: find(field, 'property', places) };
}
