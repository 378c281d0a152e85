/** Label values as the text formats want them: backslash, quote and line feed escaped, all else as it is (UTF-8). */
export function escapeLabelValue(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/**
 * `,name="value"` for each label that has a value: to Prometheus an empty label and a missing one are the same, so nothing is written
 * for null.
 */
export function labelText(labels: Readonly<Record<string, string | number | null | undefined>>): string {
  let text = '';
  for (const [name, value] of Object.entries(labels)) {
    if (value === null || value === undefined || value === '') continue;
    text += `,${name}="${typeof value === 'number' ? value : escapeLabelValue(value)}"`;
  }
  return text;
}
