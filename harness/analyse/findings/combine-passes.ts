import type { Judgement } from '../../model/judgement.js';
import type { Finding } from '../../model/run-record.js';
import { gravest, type RunVerdict } from '../../model/verdict.js';

/**
 * One judgement from two passes over the same load: production flags, and the interpreter alone.
 * A leak that either shows is a leak, a plateau needs both, and passes whose intervals exclude each other decide nothing.
 */
export function combinePasses(production: Judgement, interpreter: Judgement): Judgement {
  const others = new Map(interpreter.findings.map((finding) => [finding.metric, finding]));
  const findings = production.findings.map((finding) => {
    const other = others.get(finding.metric);
    return other === undefined ? finding : combineFindings(finding, other);
  });
  const decided = new Set<RunVerdict>([production.verdict === 'plateau' ? 'plateau' : runVerdictWithout(production)]);
  for (const { verdict } of findings) if (verdict !== 'advisory' && verdict !== 'known') decided.add(verdict);
  const verdict = gravest(decided);
  const deciding = findings.find((finding) => finding.verdict === verdict);
  return {
    ...production,
    verdict,
    reason:
      deciding === undefined || verdict === production.verdict
        ? production.reason
        : `${deciding.metric}: ${deciding.reason}`,
    findings: gravestFirst(findings, verdict),
    audit: [
      ...production.audit,
      ...interpreter.audit.map((entry) => ({ ...entry, check: `interpreter-only:${entry.check}` })),
    ],
    warnings: [...production.warnings, ...interpreter.warnings],
  };
}

/** What holds for the run beside its findings (a crash, a failed self-test); leaks are counted anew from the findings. */
function runVerdictWithout({ verdict, findings }: Judgement): RunVerdict {
  return findings.some((finding) => finding.verdict === verdict) ? 'plateau' : verdict;
}

function combineFindings(production: Finding, interpreter: Finding): Finding {
  const verdicts = new Set([production.verdict, interpreter.verdict]);
  if (production.verdict === 'advisory') return production;
  if (!verdicts.has('leak')) {
    if (production.verdict !== 'plateau') return production;
    return interpreter.verdict === 'inconclusive' || isSharper(interpreter, production)
      ? withInterpreter(interpreter)
      : production;
  }
  if (production.verdict === interpreter.verdict) return production;
  const [leaking, other] = production.verdict === 'leak' ? [production, interpreter] : [interpreter, production];
  const contradicted = other.verdict === 'plateau' && leaking.slope.low > other.slope.high;
  if (!contradicted) return leaking === production ? production : withInterpreter(interpreter);
  return {
    ...leaking,
    verdict: 'inconclusive',
    reason: `the passes disagree: ${slopeText(production)} with production flags, ${slopeText(interpreter)} with the interpreter only`,
  };
}

/** A plateau is worth what it would have seen. */
function isSharper(one: Finding, other: Finding): boolean {
  return (one.detectionFloor ?? Number.POSITIVE_INFINITY) < (other.detectionFloor ?? Number.POSITIVE_INFINITY);
}

function withInterpreter(finding: Finding): Finding {
  return { ...finding, reason: `${finding.reason} (with the interpreter only)` };
}

function slopeText({ slope }: Finding): string {
  return `[${slope.low.toPrecision(3)} ${slope.estimate.toPrecision(3)} ${slope.high.toPrecision(3)}] ${slope.unit}`;
}

function gravestFirst(findings: Finding[], verdict: RunVerdict): Finding[] {
  return [
    ...findings.filter((finding) => finding.verdict === verdict),
    ...findings.filter((finding) => finding.verdict !== verdict),
  ];
}
