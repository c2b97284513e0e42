import { PlateauError } from '../../model/errors.js';
import { isAncestor, mergeBases } from '../../repository/repository.js';
import type { BisectionPlan } from './bisection-plan.js';

/**
 * What must be good beside the good commit itself, where that is no ancestor of the bad one: the commits at which both
 * histories part. Else a leak that the good side has fixed would be taken for one that the bad side has brought.
 * @throws {PlateauError} `PLATEAU_INVALID_REVISION` for ends that no search can lie between
 */
export async function goodAncestors({ repository, good, bad }: BisectionPlan): Promise<readonly string[]> {
  if (good === bad) throw invalid(`--good and --bad: expected two commits, got ${good.slice(0, 9)} for both.`);
  if (await isAncestor(repository, good, bad)) return [];
  if (await isAncestor(repository, bad, good))
    throw invalid(
      `--good: expected a commit before --bad, got ${good.slice(0, 9)}, which comes after it.`,
      'exchange them; plateau looks for what brought a leak, not for what corrected it',
    );
  const bases = await mergeBases(repository, good, bad);
  if (bases.length > 0) return bases;
  throw invalid(
    `--good and --bad: expected commits with a common history, got ${good.slice(0, 9)} and ${bad.slice(0, 9)}.`,
  );
}

function invalid(message: string, hint = 'git log --oneline --graph shows how they lie'): PlateauError {
  return new PlateauError('PLATEAU_INVALID_REVISION', message, { hint });
}
