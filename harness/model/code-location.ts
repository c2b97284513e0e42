import { z } from 'zod';

/** A place in source code. */
export const codeLocationSchema = z.object({
  /** Absolute path or `node:` / `package@version/path` name, after source maps. */
  file: z.string(),
  /** 1-based. */
  line: z.int().positive(),
  /** 1-based. */
  column: z.int().positive().optional(),
  function: z.string().optional(),
  /** `name@version` when the file lies in node_modules. */
  package: z.string().optional(),
  /** The line itself, trimmed, when the file could be read. */
  source: z.string().optional(),
});

export type CodeLocation = z.infer<typeof codeLocationSchema>;
