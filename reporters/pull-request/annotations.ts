import { outcomeOf, type PullRequestResult } from '../../harness/model/pull-request.js';
import { codeAlerts } from '../ci/code-alerts.js';
import { workflowCommand } from '../ci/workflow-command.js';
import { reasonOf } from './markdown.js';

/**
 * Workflow commands of GitHub for what a change makes worse, at the lines of suspects.
 * @returns lines ending in a newline; empty when nothing is worse
 */
export function pullRequestAnnotations({ scenarios }: PullRequestResult, workspace: string): string {
  const worse = scenarios.flatMap((change) => {
    if (outcomeOf(change) !== 'worse' || change.kind === 'failed' || change.kind === 'skipped') return [];
    const title = `plateau: ${change.name}`;
    const alerts = codeAlerts([change.after], workspace).filter(({ level }) => level === 'error');
    if (alerts.length === 0) return [{ level: 'error' as const, title, message: reasonOf(change) }];
    return alerts.map(({ message, place }) => ({ level: 'error' as const, title, message, ...place }));
  });
  return worse.map(workflowCommand).join('');
}
