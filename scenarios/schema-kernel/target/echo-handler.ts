import type { Handler } from './handler-registry.js';

const stateWords = 128;

/** A handler with a kilobyte of state of its own: it counts its messages in slots. */
export function createEchoHandler(prefix: string): Handler {
  const seen = Array.from({ length: stateWords }, (_, slot) => slot + 0.5);
  let turn = 0;
  return (message) => {
    turn = (turn + 1) % stateWords;
    seen[turn] = (seen[turn] ?? 0) + 1;
    return { reply: `${prefix}${message.tag}`, turn };
  };
}
