import { invalidOption } from '../../model/errors.js';

/** A name and what it says. */
export type Tag = readonly [key: string, value: string];

/** Labels that metrics have by themselves, and names that OpenMetrics keeps for itself. */
const taken = /^(scenario|variant|metric|unit|verdict|stage|le|quantile|__.*)$/;

/** `branch=main`; the key is a label of metrics, so it has their form. */
export function tagOption(option: string): (text: string) => Tag {
  return (text) => {
    const [, key = '', value = ''] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
    if (key !== '' && !taken.test(key)) return [key, value];
    throw invalidOption(
      `${option}: expected <key>=<value> with a key of letters, digits and _ that plateau has no use for, got "${text}".`,
      `${option} branch=main`,
    );
  };
}
