import { open } from 'node:fs/promises';
import { TidemarkError } from '../model/errors.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { encodeTraceLine } from '../model/trace-encode.ts';

/** Takes text that goes to the end of a trace. */
export type TraceSink = (text: string) => Promise<void>;

/**
 * Writes the snapshots of one or several sessions as a trace, each as a line, in the order in which they were judged: replay then
 * comes to the same findings.
 */
export class TraceWriter {
  readonly #sink: TraceSink;
  #written: Promise<void> = Promise.resolve();

  constructor(sink: TraceSink) {
    this.#sink = sink;
  }

  write(snapshot: Snapshot): void {
    // Now, not when its turn comes: who judges it may go on to change what it holds.
    const line = `${encodeTraceLine(snapshot)}\n`;
    this.#written = this.#written.then(() => this.#sink(line));
    this.#written.catch(() => {}); // told to whoever waits for it
  }

  /** Resolves when all lines are written. @throws TidemarkError `output.unwritable`; nothing is written after it */
  flushed(): Promise<void> {
    return this.#written;
  }
}

/** Opens a file to append to; it is closed with the stack. @throws TidemarkError `output.unwritable` */
export async function openTraceFile(file: string, stack: AsyncDisposableStack): Promise<TraceSink> {
  const unwritable = (error: unknown) => {
    const message = `${file} cannot be written: ${(error as Error).message}; check the path, its permissions and the space there`;
    return new TidemarkError('output.unwritable', message, { file }, error);
  };
  try {
    const handle = stack.use(await open(file, 'a'));
    return (text) =>
      handle.appendFile(text).catch((error: unknown) => {
        throw unwritable(error);
      });
  } catch (error) {
    throw unwritable(error);
  }
}
