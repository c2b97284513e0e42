import { invalidOption } from '../../model/errors.js';

/** What may end with another code; other verdicts that exit with 1 go with `leak`. */
const usual: Readonly<Record<string, number>> = { plateau: 0, leak: 1, inconclusive: 2, crashed: 4, interrupted: 130 };

/** Other codes for the usual ones. */
export type ExitCodes = ReadonlyMap<number, number>;

/** `leak=99,inconclusive=0`. */
export function exitCodeOption(option: string): (text: string) => ExitCodes {
  return (text) =>
    new Map(
      text.split(',').map((part) => {
        const [, name = '', code = ''] = /^([a-z]+)=(\d{1,3})$/.exec(part.trim()) ?? [];
        const from = usual[name];
        if (from !== undefined && Number(code) <= 255) return [from, Number(code)] as const;
        throw invalidOption(
          `${option}: expected one of ${Object.keys(usual).join(', ')}, with a code from 0 to 255, got "${part}".`,
          `${option} leak=99,inconclusive=0`,
        );
      }),
    );
}

/** The code to end with in place of a usual one. */
export function wantedExitCode(codes: ExitCodes | undefined, exitCode: number): number {
  return codes?.get(exitCode) ?? exitCode;
}
