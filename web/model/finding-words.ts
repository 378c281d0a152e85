import type { Finding } from './answers.ts';

/** Findings in their order, each that is explained right beneath its cause where that is in the list. */
export function indentedByCause(findings: readonly Finding[]): { finding: Finding; depth: number }[] {
  const ids = new Set(findings.map((finding) => finding.id));
  const isBeneath = (finding: Finding) => finding.cause !== null && ids.has(finding.cause.id);
  return findings
    .filter((finding) => !isBeneath(finding))
    .flatMap((finding) => [
      { finding, depth: 0 },
      ...findings.filter((other) => other.cause?.id === finding.id).map((other) => ({ finding: other, depth: 1 })),
    ]);
}

/** The numbers that the judgement can be redone with, a line each. */
export function evidenceText(evidence: Finding['evidence']): string {
  const entries = Object.entries(evidence);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${valueText(value)}`).join('\n');
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Math.round(value * 1000) / 1000);
  return JSON.stringify(value);
}
