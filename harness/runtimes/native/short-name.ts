/** Reports cut long texts, and at the end of a name stands the function: above this length arguments are left out. */
const fullLengthMax = 80;

/** `signal_impl<void (int), optional_last_value<void> >::connect(slot<void (int)> const&)` -> `signal_impl<…>::connect(…)`. */
export function shortName(name: string): string {
  if (name.length <= fullLengthMax) return name;
  let short = '';
  let depth = 0;
  for (let at = 0; at < name.length; at += 1) {
    const char = name[at]!;
    const before = name.slice(0, at);
    if (isOpening(char, before, depth)) {
      depth += 1;
      if (depth === 1) short += char;
    } else if (depth > 0 && isClosing(char, before)) {
      depth -= 1;
      if (depth === 0) short += /[<(]$/.test(before) ? char : `…${char}`;
    } else if (depth === 0) {
      short += char;
    }
  }
  return short;
}

/** Outermost only after a name: `<T as Trait>::call` and `(anonymous namespace)` are no arguments. */
function isOpening(char: string, before: string, depth: number): boolean {
  if (char !== '<' && char !== '(') return false;
  if (char === '<' && /operator<?$/.test(before)) return false;
  return depth > 0 || (char === '<' ? /[\w<: ]$/ : /[\w>=<)]$/).test(before);
}

function isClosing(char: string, before: string): boolean {
  return char === ')' || (char === '>' && !/(?:-|operator>?)$/.test(before));
}
