import { PlateauError } from '../../model/errors.js';

/** What a scenario's `setup` returned, for requests as data that name its fields: known only once it has run. */
export class SetupValues {
  private readonly needed = new Map<string, string>();
  private returned: Readonly<Record<string, unknown>> = {};

  /** @param origin whose request it is, for the error */
  value(field: string, origin: string): () => string {
    this.needed.set(field, origin);
    return () => String(this.returned[field]);
  }

  /** @throws {PlateauError} `PLATEAU_INVALID_SCENARIO` where a field that requests need is no text or number */
  take(returned: unknown): void {
    this.returned = (returned ?? {}) as Readonly<Record<string, unknown>>;
    for (const [field, origin] of this.needed) {
      const value = this.returned[field];
      if (typeof value === 'string' || typeof value === 'number') continue;
      throw new PlateauError(
        'PLATEAU_INVALID_SCENARIO',
        `${origin}: {setup:${field}} needs a \`setup\` that returns an object with a text or a number at ${field}, got ${JSON.stringify(value) ?? 'none'}`,
        { hint: `return { ${field}: ... } from \`setup\`` },
      );
    }
  }
}
