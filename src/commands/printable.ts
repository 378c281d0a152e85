/** Enough for every sentence of ours, and for the stack of a bug. */
const sentenceAtMost = 2_000;
/** Enough to know a group by: Kafka lets a group ID have 32,767 bytes. */
const nameAtMost = 100;

/** A sentence that quotes what others wrote, for a terminal: without control characters that could command it, and not without end. */
export function printableText(text: string): string {
  return cut(text, sentenceAtMost).replace(/[^\P{C}\n]/gu, '\u{fffd}');
}

/** A name that a client of Kafka chose, for a line on a terminal. */
export function printableName(name: string): string {
  return cut(name, nameAtMost).replace(/\p{C}/gu, '\u{fffd}');
}

function cut(text: string, atMost: number): string {
  return text.length > atMost ? `${text.slice(0, atMost)}...` : text;
}
