import type { PlateauConfiguration } from '../model/configuration.js';

/** Declares a suite. Checked when it is loaded, so that a mistake is reported with the field's name. */
export function defineConfig(configuration: PlateauConfiguration): PlateauConfiguration {
  return configuration;
}
