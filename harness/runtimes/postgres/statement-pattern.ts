import { namePattern } from '../name-pattern.js';

const longest = 100;

/** What statements have in common that differ in literals and in numbered names alone. */
export function statementPattern(statement: string): string {
  const pattern = statement
    .replace(/'(?:[^']|'')*'/g, "'*'")
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(\$\d+)/)
    // Parameters keep their numbers.
    .map((part, index) => (index % 2 === 1 ? part : namePattern(part)))
    .join('');
  return pattern.length > longest ? `${pattern.slice(0, longest)}...` : pattern;
}
