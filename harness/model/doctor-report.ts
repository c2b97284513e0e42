/** `limited`: works, but costs more or shows less. */
export type CapabilityStatus = 'ok' | 'limited' | 'missing';

/** One thing that plateau would use on this machine. */
export interface CapabilityCheck {
  readonly capability: string;
  /** `optional` and `runtimes`: plateau works fully without it, only what it names does not; `fleet`: looked at when a queue is named. */
  readonly group: 'processes' | 'node' | 'machine' | 'runtimes' | 'optional' | 'fleet';
  readonly status: CapabilityStatus;
  /** What was found. */
  readonly detail: string;
  /** What plateau does with it. */
  readonly purpose: string;
  /** What a run lacks without it; absent when it is there. */
  readonly loss?: string;
  /** How to get it; absent when it is there. */
  readonly remedy?: string;
}

/** What a machine lets plateau see, and what it does not. */
export interface DoctorReport {
  readonly machine: {
    readonly node: string;
    readonly platform: string;
    readonly cpuModel: string;
    readonly cores: number;
    readonly memoryBytes: number;
  };
  readonly checks: readonly CapabilityCheck[];
  /** Nothing is missing or limited of what every run uses. */
  readonly complete: boolean;
}
