import type { z } from 'zod';

/**
 * The first thing that is wrong with a value, in words: the field, what was expected, what it got.
 * @param whole what the value itself is called, e.g. `the scenario`
 */
export function describeProblem(error: z.ZodError, value: unknown, whole: string): string {
  const issue = deepestIssue(error.issues[0]!);
  const field = fieldName(issue.path, whole);
  if (issue.code === 'invalid_key') return `${field} must be named after ${issue.issues[0]?.message ?? 'a known name'}`;
  if (issue.code === 'unrecognized_keys')
    return `${field} has no field ${issue.keys.map((key) => `\`${key}\``).join(', ')}`;
  return `${field} must be ${expectedOf(issue)}, got ${describeValue(valueAt(value, issue.path))}`;
}

type Issue = z.core.$ZodIssue;

/** Of a union, the branch that came furthest says best what is wrong. */
function deepestIssue(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const nested = issue.errors.map((issues) => issues[0]).filter((candidate) => candidate !== undefined);
  const deepest = nested.sort((left, right) => right.path.length - left.path.length)[0];
  if (deepest === undefined || deepest.path.length === 0) return issue;
  return deepestIssue({ ...deepest, path: [...issue.path, ...deepest.path] });
}

/** What zod says by itself is about types; a schema that says more is heard. */
const usualMessage = /^(Too|Invalid)\b/;

function expectedOf(issue: Issue): string {
  if (issue.code !== 'invalid_type' && !usualMessage.test(issue.message)) return issue.message;
  if (issue.code === 'invalid_type') return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small') return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `at most ${issue.maximum}`;
  return issue.message;
}

function fieldName(path: readonly PropertyKey[], whole: string): string {
  return path.length === 0 ? whole : `\`${path.map(String).join('.')}\``;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  const shown = JSON.stringify(value) ?? String(value);
  return `\`${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}\` (${Array.isArray(value) ? 'array' : typeof value})`;
}
