import type { Finding } from './answers.ts';

/** Findings in their order, each that is explained right beneath its cause where that is in the list: causes have causes too. */
export function indentedByCause(findings: readonly Finding[]): { finding: Finding; depth: number }[] {
  const ids = new Set(findings.map((finding) => finding.id));
  const isBeneath = (finding: Finding) => finding.cause !== null && ids.has(finding.cause.id);
  const withThoseBeneath = (finding: Finding, depth: number): { finding: Finding; depth: number }[] => [
    { finding, depth },
    ...findings.filter(({ cause }) => cause?.id === finding.id).flatMap((other) => withThoseBeneath(other, depth + 1)),
  ];
  return findings.filter((finding) => !isBeneath(finding)).flatMap((finding) => withThoseBeneath(finding, 0));
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
