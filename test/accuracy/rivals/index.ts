import { fuite } from './fuite.js';
import { leakage } from './leakage.js';
import { mannKendall, mannKendallHamedRao } from './mann-kendall.js';
import { memwatch } from './memwatch.js';
import { navianMemcheck } from './navian-memcheck.js';
import { nextLeak } from './next-leak.js';
import { slopePValue } from './ordinary-least-squares.js';
import { playwrightSoakTest } from './playwright-soak-test.js';
import { precog } from './precog.js';
import { rSquared } from './r-squared.js';
import type { Rival } from './rival.js';

export const rivals: readonly Rival[] = [
  leakage,
  memwatch,
  nextLeak,
  fuite,
  playwrightSoakTest,
  navianMemcheck,
  precog,
  slopePValue,
  rSquared,
  mannKendall,
  mannKendallHamedRao,
];
