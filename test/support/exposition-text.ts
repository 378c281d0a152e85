/** What a scraper makes of an exposition: strict, so that a test fails on text that Prometheus would refuse. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)$/s;
const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/y;

/** Samples in their order; throws at the first line that is none, at a family without a header, and at a duplicate. */
export function parseExposition(text: string): Sample[] {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  const seen = new Set<string>();
  for (const row of text.split('\n')) {
    const [, kind, family, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(row) ?? [];
    if (kind === 'TYPE') types.set(family!, rest!);
    if (kind !== undefined || row === '' || row === '# EOF') continue;
    const [, name, labels, value] = line.exec(row) ?? [];
    if (name === undefined) throw new SyntaxError(`not a sample: ${row}`);
    if (!hasHeader(types, name)) throw new SyntaxError(`no TYPE before ${row}`);
    const identity = row.slice(0, row.lastIndexOf(' '));
    if (seen.has(identity)) throw new SyntaxError(`twice: ${identity}`);
    seen.add(identity);
    samples.push({ name, labels: parseLabels(labels ?? ''), value: Number(value) });
  }
  return samples;
}

function hasHeader(types: ReadonlyMap<string, string>, name: string): boolean {
  if (types.has(name)) return true;
  const family = name.replace(/_(total|bucket|sum|count)$/, '');
  return types.get(family) === 'counter' || types.get(family) === 'histogram';
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  pair.lastIndex = 0;
  while (pair.lastIndex < text.length) {
    const match = pair.exec(text);
    if (match === null) throw new SyntaxError(`not labels: ${text}`);
    labels[match[1]!] = match[2]!.replace(/\\(["\\n])/g, (_, char) => (char === 'n' ? '\n' : char));
  }
  return labels;
}
