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

function deepestIssue(issue: Issue): Issue {
  return closest(issue).issue;
}

interface Problem {
  readonly issue: Issue;
  /** How much is wrong with the branch of a union that it is of. */
  readonly count: number;
}

/** Of a union, the branch that the value fits but for the fewest problems says best what is wrong; of several, none does. */
function closest(issue: Issue): Problem {
  if (issue.code !== 'invalid_union') return { issue, count: 1 };
  const [best, next] = issue.errors
    .flatMap((issues): Problem[] => {
      if (issues[0] === undefined) return [];
      const inner = closest(issues[0]);
      return inner.issue.path.length === 0 ? [] : [{ ...inner, count: inner.count + issues.length - 1 }];
    })
    .sort((left, right) => left.count - right.count || right.issue.path.length - left.issue.path.length);
  const isTie = next?.count === best?.count && next?.issue.path.length === best?.issue.path.length;
  if (best === undefined || isTie) return { issue, count: 1 };
  return { ...best, issue: { ...best.issue, path: [...issue.path, ...best.issue.path] } };
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
