import { fileURLToPath } from 'node:url';

const ownDirectory = fileURLToPath(new URL('..', import.meta.url));

/** Whether a line of a stack is one of plateau's own code. */
export function isOwnFrame(line: string): boolean {
  return line.includes(ownDirectory);
}

/** Where the user's own code stands first in a stack, as `/shop/driver.mjs:4:11`; packages and plateau are passed over. */
export function userPlace(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const [, place] = /^\s+at (?:.*\()?((?:file:\/\/)?\/[^()]*:\d+:\d+)\)?$/.exec(line) ?? [];
    if (place === undefined || /[/\\]node_modules[/\\]/.test(place) || isOwnFrame(line)) continue;
    return place.startsWith('file:') ? fileURLToPath(place.replace(/\?[^:]*/, '')) : place;
  }
  return undefined;
}
