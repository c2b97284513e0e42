import { invalidOption } from '../../model/errors.js';
import { readSizeBytes } from '../../model/quantity.js';

/** What a curve must not reach. */
export interface Limit {
  /** The curve; absent: all curves of its unit. */
  readonly metric?: string;
  readonly unit: 'B' | '%' | '';
  readonly value: number;
}

/** `512MiB`, `90%`, `rss=512MiB`, `fds=1024`. */
export function limitOption(option: string): (text: string) => Limit {
  return (text) => {
    const [, metric, amount = ''] = /^(?:(.+)=)?([^=]+)$/s.exec(text) ?? [];
    const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(amount) ?? [];
    const plain = /^\d+(?:\.\d+)?$/.test(amount) ? Number(amount) : undefined;
    const bytes = percent === undefined && plain === undefined ? readSizeBytes(amount) : undefined;
    const value = percent === undefined ? (plain ?? bytes) : Number(percent);
    if (value !== undefined && value > 0)
      return {
        ...(metric !== undefined && { metric }),
        unit: percent === undefined ? (bytes === undefined ? '' : 'B') : '%',
        value,
      };
    throw invalidOption(
      `${option}: expected a size, a percentage or a number above 0, or <metric>=<value>, got "${text}".`,
      `${option} 512MiB, ${option} 90% or ${option} fds=1024`,
    );
  };
}
