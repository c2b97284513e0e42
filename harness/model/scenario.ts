import type { Fault, FaultShares } from './fault.js';
import type { HttpClient, HttpSettings } from './http.js';
import type { RequestOperation } from './request.js';
import type { GaugeKind } from './run-log.js';
import type { RunVerdict, Shape } from './verdict.js';

/** The running target as a scenario sees it. */
export interface ScenarioTarget {
  /** Where the target listens, without a trailing slash. @throws {PlateauError} when it has no address */
  readonly url: string;
  /** @throws {PlateauError} when it has no address */
  readonly port: number;
  readonly pid: number | undefined;
  /** The target's own temporary directory, removed after the run. */
  readonly temporaryDirectory: string;
  /** Addresses of the scenario's `services`. */
  readonly services: Readonly<Record<string, string>>;
  readonly http: HttpClient;
}

/** What a cycle is given. */
export interface CycleContext {
  readonly target: ScenarioTarget;
  /** 0, 1, 2, ... of this operation; never repeats. A target that runs already gets numbers that no earlier run had. */
  readonly cycle: number;
  /** One of the closed universe 0 ... universe-1, drawn by seed; equals `cycle` when the universe is `fresh`. */
  readonly input: number;
  /** Uniform in [0, 1), from the run's seed, the operation and the cycle. */
  random(): number;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
}

/** A named pair of create and destroy. */
export interface Operation<Handle> {
  /** Cycles of this operation for each cycle of an operation of weight 1. @defaultValue 1 */
  readonly weight?: number;
  create(context: CycleContext): Handle | Promise<Handle>;
  /** Always runs for what `create` returned, also when the run is stopped. */
  destroy(handle: NoInfer<Handle>, context: CycleContext): unknown;
  /** Draws its inputs from these alone. @defaultValue the scenario's universe */
  readonly inputs?: readonly number[];
  /** Disturbs each of its cycles: the first request through `target.http` in `create`, or the upstreams. */
  readonly fault?: Fault;
}

/** How plateau knows that a target is ready; never a sleep. */
export type Readiness =
  /** Node targets: the first server that listens. */
  | { readonly listening: true; readonly timeoutMs?: number }
  /** A TCP port that accepts; `secure` where it speaks TLS. */
  | { readonly port: number; readonly secure?: boolean; readonly timeoutMs?: number }
  /** A line of its output. A group named `port` or `url` shows the address, or else the first http address in the line. */
  | { readonly line: string | RegExp; readonly timeoutMs?: number }
  /** A message over Node's IPC channel; a string, or an object whose entries must all be there. */
  | { readonly message: string | Readonly<Record<string, unknown>>; readonly timeoutMs?: number }
  /** A URL that answers 2xx. */
  | { readonly url: string; readonly timeoutMs?: number };

interface StartedTarget {
  readonly env?: Readonly<Record<string, string>>;
  /** @defaultValue the scenario module's directory */
  readonly cwd?: string;
  readonly ready?: Readiness;
  /** What asks it to end: `SIGINT` where SIGTERM waits for clients, as PostgreSQL does. @defaultValue 'SIGTERM' */
  readonly stopSignal?: NodeJS.Signals;
  /** From the stop signal to SIGKILL. @defaultValue 5_000 */
  readonly stopTimeoutMs?: number;
  /** Its clock may be moved on while it rests, as with `--virtual-time`: of a script or a command. @defaultValue false */
  readonly virtualTime?: boolean;
}

/**
 * A Node script; its code is not touched, an agent is preloaded. `{port}` in an argument or a variable is replaced by a free
 * port, on which it is then waited for.
 */
export interface ScriptTarget extends StartedTarget {
  readonly script: string | URL;
  readonly arguments?: readonly string[];
  readonly nodeArguments?: readonly string[];
}

/** Any program, seen from outside. `{port}` in an argument or a variable is replaced by a free port. */
export interface CommandTarget extends StartedTarget {
  readonly command: readonly [string, ...string[]];
}

/**
 * A Go program, built by plateau with an agent beside it, so that it need not expose its profiles. `{port}` as in commands.
 */
export interface GoTarget extends StartedTarget {
  /** Directory of package main: `./cmd/server`; relative to `cwd`. */
  readonly go: string;
  readonly arguments?: readonly string[];
  /** Flags of the build: `['-tags', 'dev']`. */
  readonly buildFlags?: readonly string[];
}

/** A process that is running already; never stopped by plateau. */
export interface PidTarget {
  readonly pid: number;
  readonly url?: string;
}

/** A service at an address; its process is found when it listens on this machine. */
export interface UrlTarget {
  readonly url: string;
}

/** A Redis server of the run's own: on a free loopback port, with an empty data directory that is removed after it. */
export interface RedisServer extends Pick<StartedTarget, 'env' | 'stopTimeoutMs'> {
  /** As on the command line of `redis-server`, a configuration file first. */
  readonly arguments?: readonly string[];
  /** @defaultValue `redis-server` or `valkey-server` on the PATH */
  readonly executable?: string;
}

/** Redis, by the address where it runs already, or as a server to be started. */
export interface RedisTarget {
  readonly redis: string | RedisServer;
}

/**
 * A PostgreSQL server of the run's own: a new cluster on a free loopback port, with one superuser `postgres` whose
 * password is in `target.url`. Removed after the run, so it does not wait for disks.
 */
export interface PostgresServer extends Pick<StartedTarget, 'env' | 'stopTimeoutMs'> {
  /** As in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** @defaultValue `postgres` on the PATH, else the newest where distributions install it */
  readonly executable?: string;
}

/** PostgreSQL, by the address where it runs already, or as a server to be started. */
export interface PostgresTarget {
  readonly postgres: string | PostgresServer;
}

export type TargetDefinition =
  | ScriptTarget
  | CommandTarget
  | GoTarget
  | PidTarget
  | UrlTarget
  | RedisTarget
  | PostgresTarget;

/** What can be started beside a target. */
export type ServiceDefinition = ScriptTarget | CommandTarget | GoTarget | RedisTarget | PostgresTarget;

/** Numbers that the target reports of itself; read at each floor. */
export type GaugeReader = (context: {
  readonly target: ScenarioTarget;
}) => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;

/** What a run with a defect planted is expected to show. */
export interface Expectation {
  readonly verdict: RunVerdict;
  /** The metric that must be the one to decide. */
  readonly metric?: string;
  readonly shape?: Shape;
  /** Growth per cycle of the operation, in the metric's unit. */
  readonly perCycle?: number;
  /** Relative. @defaultValue 0.02 for counts, 0.15 for bytes */
  readonly tolerance?: number;
}

export interface DefectDeclaration {
  readonly summary: string;
  /** Findings of the audit that this defect shows, e.g. `000-12`. */
  readonly audit?: readonly string[];
  readonly expect: Expectation;
}

export interface ScenarioDefinition<Handles extends Record<string, unknown> = Record<string, unknown>> {
  /** `system/loop` for those that come with plateau; any short name otherwise. */
  readonly name: string;
  /** One line: what is created and destroyed. */
  readonly summary?: string;
  readonly target: TargetDefinition | ((plan: { readonly defects: readonly string[] }) => TargetDefinition);
  readonly operations: { readonly [Name in keyof Handles]: Operation<Handles[Name]> | RequestOperation };
  readonly gauges?: GaugeReader;
  /** Declared kinds of gauges; those not named are levels. */
  readonly gaugeKinds?: Readonly<Record<string, GaugeKind | Exclude<GaugeKind['kind'], 'bounded'>>>;
  /** Largest slope that passes, by metric: a number in base units a cycle, or a size such as `'64 B'`. */
  readonly budgets?: Readonly<Record<string, number | string>>;
  /** What must have happened before a floor is read, e.g. a protocol's own timers. */
  readonly settle?: {
    readonly afterMs?: number;
    /** Asked again until true, at most `timeoutMs` (@defaultValue 10_000). */
    readonly until?: (context: { readonly target: ScenarioTarget }) => boolean | Promise<boolean>;
    readonly timeoutMs?: number;
  };
  /** Distinct inputs; `'fresh'` for ever-new ones. @defaultValue 256 */
  readonly universe?: number | 'fresh';
  /** @defaultValue 1 */
  readonly concurrency?: number;
  /** How requests reach the target: default headers, certificates, HTTP/2. */
  readonly http?: HttpSettings;
  /** Rows for `{csv:COLUMN}` in operations made of requests: a file with a header line, relative to the module. */
  readonly csv?: string;
  /** What disturbs a part of the cycles of each operation: names, of 0.1 of the cycles each, or shares by name. */
  readonly faults?: readonly Fault[] | FaultShares;
  /**
   * What the target depends on, for faults that upstreams cause: addresses by the environment variable from which the target
   * takes each. The target is given the address of a proxy in its place.
   */
  readonly upstreams?: Readonly<Record<string, string>>;
  /**
   * Processes that the target or its clients need, by the environment variable in which the target, and each service after
   * it, is given its address. Started before the target in this order, stopped after it, and not measured. Faults that
   * upstreams cause stand between them and the target.
   */
  readonly services?: Readonly<Record<string, ServiceDefinition>>;
  /** Requests under way on one connection, where all operations are single requests. @defaultValue 1 */
  readonly pipelining?: number;
  /**
   * Load of each hour of a day by the target's local time, midnight first, for `--days`: 24 numbers whose ratios count.
   * @defaultValue least at four in the morning, seven times as much at four in the afternoon
   */
  readonly hourlyLoad?: readonly number[];
  /** Mean cycles a round. @defaultValue sized from the target's speed */
  readonly cycles?: number;
  /** Before the first cycle. Fields of an object that it returns stand in requests as `{setup:FIELD}`. */
  setup?(context: { readonly target: ScenarioTarget }): unknown;
  teardown?(context: { readonly target: ScenarioTarget }): unknown;
  /** Defects that can be planted with `--defect`. */
  readonly defects?: Readonly<Record<string, DefectDeclaration>>;
  /** Audit findings that the sound target shows to be no leak. */
  readonly sound?: readonly string[];
  /** Audit findings that no run can show, each with the reason. */
  readonly static?: Readonly<Record<string, string>>;
}

/** A scenario as the rest of plateau sees it: validated, defaults filled in, handles opaque. */
export type Scenario = ScenarioDefinition;

/** Marks the value that `defineScenario` returns, across copies of plateau. */
export const scenarioBrand = Symbol.for('plateau.scenario');
