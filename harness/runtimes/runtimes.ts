import type { Runtime } from '../model/runtime.js';

/** Every runtime that plateau can look into, the more specific ones first. */
export const runtimes: readonly Runtime[] = [];
