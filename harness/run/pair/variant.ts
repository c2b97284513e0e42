import { resolve } from 'node:path';
import { invalidOption } from '../../model/errors.js';
import type { ScriptTarget, TargetDefinition } from '../../model/scenario.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';
import { targetOf } from '../measuring/target-definition.js';

/** One side of a comparison. */
export type Variant =
  /** The scenario as it is, with defects planted or none. */
  | { readonly kind: 'defects'; readonly defects: readonly string[] }
  /** Another command as its target, started in `directory`. */
  | { readonly kind: 'command'; readonly words: readonly string[]; readonly directory: string }
  /** The same scenario module in another directory. */
  | { readonly kind: 'directory'; readonly path: string }
  /** The same scenario module at a commit. */
  | { readonly kind: 'revision'; readonly reference: string; readonly sha: string };

/** Options of Node whose value is the next word. */
const takesValue = /^(--require|-r|--import|--loader|--experimental-loader|--conditions|-C|--env-file)$/;

/**
 * A scenario with another command as its target. A Node script stays one, and is seen from inside.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a module of functions, which is its own target
 */
export function withCommand(
  source: LoadedScenario,
  { words, directory }: Variant & { readonly kind: 'command' },
): LoadedScenario {
  if (source.kind === 'functions')
    throw invalidOption(
      `cmd:${words.join(' ')}: expected a scenario with a target of its own, got ${source.reference}, a module of functions.`,
      'compare directories or commits of it: dir:<path>, ref:<commit>',
    );
  const target = commandTarget(words, directory, targetOf(source.scenario, []));
  return { ...source, scenario: { ...source.scenario, target } };
}

function commandTarget(words: readonly string[], cwd: string, original: TargetDefinition): TargetDefinition {
  const started = 'script' in original || 'command' in original || 'go' in original ? original : undefined;
  const { env, stopSignal, stopTimeoutMs, ready } = started ?? {};
  const kept = {
    cwd,
    ...(env && { env }),
    ...(stopSignal && { stopSignal }),
    ...(stopTimeoutMs !== undefined && { stopTimeoutMs }),
  };
  const script = nodeScript(words, cwd);
  if (script !== undefined) return { ...kept, ...script, ...(ready && { ready }) };
  const [file = '', ...rest] = words;
  // Only the agent in a Node process can show that it listens.
  return { ...kept, command: [file, ...rest], ...(ready && !('listening' in ready) && { ready }) };
}

/** `node --flag server.js argument` is a script. */
function nodeScript(words: readonly string[], directory: string): ScriptTarget | undefined {
  const [file = '', ...rest] = words;
  if (!/(^|[/\\])node(\.exe)?$/.test(file)) return undefined;
  let at = 0;
  while (rest[at]?.startsWith('-')) at += takesValue.test(rest[at]!) ? 2 : 1;
  const script = rest[at];
  if (script === undefined || rest.slice(0, at).some((word) => /^(-e|--eval|-p|--print)$/.test(word))) return undefined;
  return { script: resolve(directory, script), nodeArguments: rest.slice(0, at), arguments: rest.slice(at + 1) };
}
