import { invalidOption } from '../model/errors.js';
import type { Scenario } from '../model/scenario.js';

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a defect that the scenario cannot plant */
export function checkDefects(defects: readonly string[], scenario: Scenario | undefined, name: string): void {
  const known = Object.keys(scenario?.defects ?? {});
  for (const defect of defects) {
    if (known.includes(defect)) continue;
    const choice = known.length === 0 ? 'it can plant none' : `expected one of ${known.join(', ')}`;
    throw invalidOption(
      `scenario ${name} has no defect ${defect}: ${choice}`,
      '`plateau list` shows the defects of each scenario',
    );
  }
}
