import { durationFormat, formatDuration } from '../model/duration.ts';
import { listSettings, pathText, type SettingSchema } from './settings.ts';

/** One thing that is wrong with the settings: where, what, and what to write instead. */
export interface Fault {
  path: readonly (string | number)[];
  problem: string;
  instead: string;
}

export function faultText({ path, problem, instead }: Fault): string {
  const where = path.length === 0 ? '' : `${pathText(path)}: `;
  return `${where}${problem}; ${instead}`;
}

/** Longer values are cut where they are named: nobody would read on. */
const valueCharactersAtMost = 200;

/** A value as its user wrote it, for a sentence: never a password that stands before a host, and nothing that a terminal obeys. */
export function valueText(value: unknown): string {
  const text = JSON.stringify(value);
  const cut = text.length > valueCharactersAtMost ? `${text.slice(0, valueCharactersAtMost)}...` : text;
  return cut.replace(/[^\s"/@,]+:[^\s"/@,]*@/g, '***@').replace(/\p{Cc}/gu, '\u{fffd}');
}

/** "write a whole number from 0 to 65535, such as 8080" */
export function expectation(schema: SettingSchema): string {
  const example = schema.default === undefined || typeof schema.default === 'object' ? '' : exampleText(schema);
  return `write ${kindText(schema)}${example}`;
}

function exampleText(schema: SettingSchema): string {
  return schema.format === durationFormat
    ? `, such as ${formatDuration(schema.default as number)}`
    : `, such as ${schema.default}`;
}

function kindText(schema: SettingSchema): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  if (schema.format === durationFormat) {
    const least = schema.minimum ? ` of at least ${formatDuration(schema.minimum)}` : '';
    return `a duration${least}: a number and ms, s, m, h or d`;
  }
  switch (schema.type) {
    case 'integer':
      return `a whole number${rangeText(schema)}`;
    case 'number':
      return `a number${rangeText(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return schema.minItems === undefined ? 'a list' : `a list of at least ${schema.minItems}`;
    case 'object':
      return schema.properties === undefined
        ? 'a map of names to values'
        : `a map with ${Object.keys(schema.properties).join(', ')}`;
    default:
      return schema.pattern === undefined || schema.description === undefined ? 'text' : `text: ${schema.description}`;
  }
}

function rangeText({ minimum, exclusiveMinimum, maximum }: SettingSchema): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}

/** The fault of a key that no setting has, with the nearest that there is. */
export function unknownKey(path: readonly (string | number)[], section: SettingSchema, root: SettingSchema): Fault {
  const key = String(path.at(-1));
  const siblings = Object.keys(section.properties ?? {});
  const near = nearest(key, siblings);
  if (near !== undefined) {
    return { path, problem: 'there is no such setting', instead: `write ${pathText([...path.slice(0, -1), near])}` };
  }
  const elsewhere = listSettings(root).find((setting) => setting.path.at(-1) === key);
  const instead =
    elsewhere === undefined
      ? `leave it out, or write one of ${siblings.join(', ')}`
      : `write ${pathText(elsewhere.path)}`;
  return { path, problem: 'there is no such setting', instead };
}

/** The candidate with the fewest letters changed, if a typing mistake explains them. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const atMost = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = atMost + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(swap, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
