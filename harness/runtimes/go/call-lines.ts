import type { GoFrame } from './own-code.js';
import type { Goroutine } from './profile-text.js';

/** A call of several lines, and a comment behind it. */
const linesBehindMax = 4;

/**
 * Of ancestors Go shows the line to which a call returns, which is often the next. Frames of exact stacks show where the
 * calls of a function stand: the nearest one before is meant.
 */
export function correctAncestors(goroutines: readonly Goroutine[], exact: Iterable<GoFrame>): Goroutine[] {
  const lines = new Map<string, Set<number>>();
  for (const { function: name, line } of exact) lines.set(name, (lines.get(name) ?? new Set()).add(line));
  const correct = (frame: GoFrame): GoFrame => {
    const known = lines.get(frame.function);
    for (let behind = 0; behind <= linesBehindMax; behind += 1)
      if (known?.has(frame.line - behind)) return { ...frame, line: frame.line - behind };
    return frame;
  };
  return goroutines.map((goroutine) => ({ ...goroutine, ancestors: goroutine.ancestors.map(correct) }));
}
