import { z } from 'zod';

/** An estimate with the bounds that hold with the confidence beside it. */
export const intervalSchema = z.object({
  estimate: z.number(),
  low: z.number(),
  high: z.number(),
  /** `B/cycle`, `fds/cycle`, `entries/h`, ... */
  unit: z.string(),
});

/** An interval without a unit of its own. */
export const bareIntervalSchema = z.object({ estimate: z.number(), low: z.number(), high: z.number() });

export type Interval = z.infer<typeof intervalSchema>;
export type BareInterval = z.infer<typeof bareIntervalSchema>;
