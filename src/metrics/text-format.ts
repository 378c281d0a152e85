/** The two text formats differ in their headers only: OpenMetrics names a counter's family without `_total`, and ends with `# EOF`. */
export const formats = {
  text: { contentType: 'text/plain; version=0.0.4; charset=utf-8', end: '' },
  openmetrics: { contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8', end: '# EOF\n' },
} as const;
export type Format = keyof typeof formats;

/** HELP and TYPE of a family. */
export function familyHeader(family: { name: string; type: string; help: string }, format: Format): string {
  const name = format === 'openmetrics' && family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
  return `# HELP ${name} ${escapeHelp(family.help)}\n# TYPE ${name} ${family.type}\n`;
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', "'");
}

/** Which format a client prefers, by its Accept header; the plain text where it does not say. */
export function negotiateFormat(accept: string | undefined): Format {
  const quality = (type: string) => {
    const range = accept?.split(',').find((part) => part.trim().toLowerCase().startsWith(type));
    const q = range === undefined ? 0 : Number(/;\s*q=([\d.]+)/i.exec(range)?.[1] ?? 1);
    return Number.isNaN(q) ? 0 : q;
  };
  const openmetrics = quality('application/openmetrics-text');
  return openmetrics > 0 && openmetrics >= quality('text/plain') ? 'openmetrics' : 'text';
}
