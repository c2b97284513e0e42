import { PlateauError } from '../model/errors.js';
import { type Fault, type FaultShares, faultedName, isUpstreamFault } from '../model/fault.js';
import type { Scenario } from '../model/scenario.js';

/** Of a fault that is named without a share. */
const defaultShare = 0.1;

/**
 * The scenario with each operation once more for each fault. Rounds mix operations at random, so growth of a disturbed
 * one is distinguished like that of any operation.
 * @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` when shares leave nothing, or nothing can be disturbed
 */
export function withFaults<Definition extends Scenario>(scenario: Definition, given: Scenario['faults']): Definition {
  const shares = sharesOf(given);
  const faults = Object.entries(shares) as [Fault, number][];
  if (faults.length === 0) return scenario;
  const operations: Record<string, Scenario['operations'][string]> = {};
  for (const [name, operation] of Object.entries(scenario.operations)) {
    const { weight = 1 } = operation;
    const possible =
      operation.fault === undefined ? faults.filter(([fault]) => applies(fault, operation, scenario)) : [];
    const disturbed = possible.reduce((sum, [, share]) => sum + share, 0);
    if (disturbed > 1 + 1e-9)
      throw invalid(scenario.name, `faults must take at most all cycles, got ${disturbed} of ${name}`);
    const left = weight * (1 - disturbed);
    if (left > 1e-9) operations[name] = { ...operation, weight: left };
    for (const [fault, share] of possible)
      operations[faultedName(name, fault)] = { ...operation, weight: weight * share, fault };
  }
  if (!Object.values(operations).some(({ fault }) => fault !== undefined))
    throw invalid(scenario.name, `no operation can be disturbed by ${faults.map(([fault]) => fault).join(', ')}`);
  return { ...scenario, faults: undefined, operations };
}

/** A body that is cut needs one, and an upstream must be known. */
function applies(fault: Fault, { create }: Scenario['operations'][string], { upstreams, services }: Scenario): boolean {
  if (isUpstreamFault(fault)) return upstreams !== undefined || services !== undefined;
  if (fault !== 'abort-body' && fault !== 'bad-body') return true;
  return typeof create === 'function' || create.body !== undefined || create.form !== undefined;
}

function sharesOf(faults: Scenario['faults']): FaultShares {
  if (faults === undefined) return {};
  if (!Array.isArray(faults)) return faults as FaultShares;
  return Object.fromEntries((faults as readonly Fault[]).map((fault) => [fault, defaultShare]));
}

function invalid(name: string, problem: string): PlateauError {
  return new PlateauError('PLATEAU_INVALID_SCENARIO', `scenario ${name}: ${problem}`, {
    hint: 'shares of an operation add up to 1 at most; upstream faults need `upstreams` or `services`, faults of a body a request with one',
  });
}
