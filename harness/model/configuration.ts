import type { KnownLeak } from './news.js';
import type { ScenarioDefinition } from './scenario.js';

/** A number of ms, or `90s`, `30m`, `6h`. */
export type Duration = number | string;

/** A number of bytes, or `64 B`, `512 MiB`, `20 GiB`. */
export type Size = number | string;

/** A value that is written down, or the name of the environment variable that holds it; secrets belong into the latter. */
export type Secret = string | { readonly env: string };

/** How a scenario is run; what is absent is the scenario's own, or plateau's default. */
export interface SuiteRunOptions {
  /** Defects that the scenario can plant. */
  readonly defects?: readonly string[];
  /** Largest growth that passes, by metric: a number in base units a cycle, or a size such as `'64 B'`. */
  readonly budgets?: Readonly<Record<string, number | string>>;
  /** Mean cycles a round. */
  readonly cycles?: number;
  /** Most rounds. */
  readonly rounds?: number;
  /** The least time it gets in a night before time goes to others. @defaultValue `nightly.minimum` */
  readonly minimum?: Duration;
  readonly concurrency?: number;
  readonly ratePerSecond?: number;
  readonly seed?: number;
  readonly untilDecided?: boolean;
  readonly confidence?: number;
  readonly thorough?: boolean;
  readonly attribution?: 'off' | 'on-leak' | 'always';
}

/** One scenario of a suite, alone or in variants. */
export interface SuiteScenario extends SuiteRunOptions {
  /** A path, a name that `plateau list` shows, or a definition. */
  readonly scenario: string | ScenarioDefinition;
  /** @defaultValue the scenario's own */
  readonly name?: string;
  /** Each is run by itself and has trends of its own; the scenario as it is runs only when one of them is `{}`. */
  readonly variants?: Readonly<Record<string, SuiteRunOptions>>;
}

/** A pair of function modules: the leak must be found, its sound twin must pass. */
export interface Canary {
  readonly leak: string;
  readonly sound: string;
  /** The metric that must be the one to leak. */
  readonly metric?: string;
}

export interface NightlyConfiguration {
  /** For the whole night. @defaultValue `2h` */
  readonly time?: Duration;
  /** The least that every scenario gets, unless it is decided sooner. @defaultValue `2m` */
  readonly minimum?: Duration;
  /** Targets at once. @defaultValue one for each two cores, as far as memory goes */
  readonly targetsAtOnce?: number;
  /** Nights in a row without a verdict before somebody is notified. @defaultValue 3 */
  readonly undecidedNights?: number;
}

/** What is kept of runs. The last run of each scenario, and runs that history names, are kept in any case. */
export interface RetentionConfiguration {
  /** Of everything under the output directory. @defaultValue `20 GiB` */
  readonly size?: Size;
  /** Of runs and nights; takes days too (`90d`). @defaultValue `90d` */
  readonly age?: Duration;
  /** Of heap snapshots, which are the largest part of a run. @defaultValue `14d` */
  readonly snapshotAge?: Duration;
  /** Of all heap snapshots together. @defaultValue a half of `size` */
  readonly snapshotSize?: Size;
  /** Runs to keep in any case: ids, prefixes, or directories. */
  readonly keep?: readonly string[];
}

export interface WebhookConfiguration {
  /** Where news is posted as JSON. */
  readonly webhook: Secret;
  readonly headers?: Readonly<Record<string, Secret>>;
  /** `news`: when somebody should look; `always`: after every night. @defaultValue `news` */
  readonly when?: 'news' | 'always';
  /** Tries before it is given up. @defaultValue 5 */
  readonly tries?: number;
}

/** `junit=night.xml`, or the same in two fields. */
export type NightReporter = string | { readonly name: string; readonly file?: string };

/** What `plateau.config.ts` exports by default. Paths are relative to its directory. */
export interface PlateauConfiguration {
  readonly scenarios: readonly (string | ScenarioDefinition | SuiteScenario)[];
  /** Run before the night; the night does not start when it fails. */
  readonly build?: string;
  readonly nightly?: NightlyConfiguration;
  /** @defaultValue a pair that comes with plateau; `false`: none, and nights say so */
  readonly canaries?: readonly Canary[] | false;
  /** Leaks that are accepted for a while; each has an owner and a last day. */
  readonly knownLeaks?: readonly KnownLeak[];
  readonly retention?: RetentionConfiguration;
  readonly reporters?: readonly NightReporter[];
  readonly notifications?: readonly WebhookConfiguration[];
  /** Where runs are kept. @defaultValue `.plateau` */
  readonly out?: string;
  /** Live figures on a loopback port while something runs. */
  readonly openMetrics?: { readonly port: number };
  /** Live figures to a collector, by OTLP over HTTP; `true`: to where the OTEL_EXPORTER_OTLP_* variables say. */
  readonly otlp?: true | { readonly endpoint: string };
}
