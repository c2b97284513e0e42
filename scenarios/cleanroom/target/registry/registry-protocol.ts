/** One line of JSON each way; answers come in the order of the requests. */
export interface RegistryRequest {
  readonly operation: 'register' | 'unregister';
  readonly name: string;
  /** The first attempt to unregister it finds the registry busy. */
  readonly flaky?: boolean;
}

export interface RegistryAnswer {
  readonly outcome: 'done' | 'busy';
}
