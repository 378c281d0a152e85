import { Type } from 'typebox';

/** Parameters of lists that are given out in pages. */
export const pageQuery = {
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Rows at most' }),
  offset: Type.Integer({ minimum: 0, default: 0, description: 'Rows left out at the beginning' }),
};

export const filterQuery = {
  filter: Type.Optional(
    Type.String({ maxLength: 1000, description: 'A part of the name; upper and lower case are one' }),
  ),
};

/** One of the words; other words are refused with the list of them. */
export function oneOf<const Words extends readonly string[]>(
  words: Words,
  options: { default?: Words[number]; description?: string } = {},
) {
  return Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], ...options });
}

/** Whether any of the texts holds the part, in whatever case. */
export function holds(part: string, texts: readonly (string | null | undefined)[]): boolean {
  const wanted = part.toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted));
}

/** Sorts by a number, largest first where `order` is desc; rows without one come last either way. Ties go by name. */
export function byNumber<Row>(
  numberOf: (row: Row) => number | null | undefined,
  nameOf: (row: Row) => string,
  order: 'asc' | 'desc',
): (a: Row, b: Row) => number {
  const sign = order === 'desc' ? -1 : 1;
  const missing = (value: number | null | undefined) => value === null || value === undefined || Number.isNaN(value);
  return (a, b) => {
    const [left, right] = [numberOf(a), numberOf(b)];
    if (missing(left) || missing(right)) {
      return missing(left) === missing(right) ? compareText(nameOf(a), nameOf(b)) : missing(left) ? 1 : -1;
    }
    return left === right ? compareText(nameOf(a), nameOf(b)) : sign * (left! - right!);
  };
}

/** By code unit: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
