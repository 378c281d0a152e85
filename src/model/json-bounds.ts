/** What a line may be made of before it is parsed. */
export interface JsonBounds {
  /** How deep arrays and objects may stand in each other. */
  depth: number;
  /** Commas and opening brackets together: there are never more values than these and one. */
  marks: number;
}

const quote = 0x22;
const comma = 0x2c;
const openSquare = 0x5b;
const backslash = 0x5c;
const closeSquare = 0x5d;
const openCurly = 0x7b;
const closeCurly = 0x7d;

/**
 * Counts the marks of a text, or says in a sentence which bound it goes beyond: parsed as JSON it would take far more memory than
 * the text itself, for `{},` is three bytes and an object, `[` one byte and an array. Whether it is JSON is another question.
 */
export function countMarks(text: string, { depth: deepest, marks: most }: JsonBounds): number | string {
  let depth = 0;
  let marks = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = endOfString(text, at);
        break;
      case openSquare:
      case openCurly:
        marks++;
        depth++;
        if (depth > deepest) return `nested deeper than ${deepest} levels`;
        break;
      case closeSquare:
      case closeCurly:
        depth--;
        break;
      case comma:
        marks++;
        break;
    }
    if (marks > most) return `more than ${most} values`;
  }
  return marks;
}

/** Where the closing quote stands; the last character where none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at++;
  }
  return text.length;
}
