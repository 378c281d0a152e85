import type { Socket } from 'node:net';

/** What Kafka itself takes at most of a client (socket.request.max.bytes): 20 times a cycle's largest answer at 100,000 series. */
const answerBytesAtMost = 100 * 2 ** 20;
/** An answer to the greeting has 1 or 2 KB. Until then we do not know that it is a broker at all. */
const greetingBytesAtMost = 2 ** 20;
/** Size of a length, and of the correlation id that each answer begins with. */
const int32Bytes = 4;

/**
 * Stands between a socket and the library that reads it, and ends the connection where what comes is no answer of Kafka. The library
 * believes every length: it gathers up to 2 GB for one answer (an HTTP server's `HTTP` reads as 1.2 GB), and throws out of the
 * event loop, which would end the process, where an answer is shorter than its own correlation id.
 */
export class AnswerFrames {
  /** What was wrong; undefined while all is well. */
  fault: string | undefined;
  readonly #socket: Socket;
  readonly #length = Buffer.alloc(int32Bytes);
  /** Bytes of the length that were read so far. */
  #lengthBytes = 0;
  /** Bytes of the answer that are still to come. */
  #pending = 0;
  #atMostBytes = greetingBytesAtMost;

  /** @param socket connected, with the library listening, and nothing read yet */
  constructor(socket: Socket) {
    this.#socket = socket;
    // The listener is taken, not joined: a second one could not keep from the first what it must not see.
    const readers = socket.listeners('data') as ((chunk: Buffer) => void)[];
    socket.removeAllListeners('data');
    socket.on('data', (chunk) => {
      if (!this.#admit(chunk)) return this.#end();
      try {
        for (const read of readers) read(chunk);
      } catch (error) {
        this.fault = `its answer cannot be read (${(error as Error).message})`;
        this.#end();
      }
    });
  }

  /** The peer has greeted as a broker does: from now on it may say more. */
  trust(): void {
    this.#atMostBytes = answerBytesAtMost;
  }

  #end(): void {
    this.#socket.destroy();
  }

  /** Follows the lengths from chunk to chunk. */
  #admit(chunk: Buffer): boolean {
    if (this.fault !== undefined) return false;
    let at = 0;
    while (at < chunk.length) {
      if (this.#pending > 0) {
        const passed = Math.min(this.#pending, chunk.length - at);
        this.#pending -= passed;
        at += passed;
        continue;
      }
      this.#length[this.#lengthBytes++] = chunk[at++]!;
      if (this.#lengthBytes < int32Bytes) continue;
      this.#lengthBytes = 0;
      this.#pending = this.#length.readInt32BE();
      if (this.#pending >= int32Bytes && this.#pending <= this.#atMostBytes) continue;
      this.fault = faultOf(Buffer.concat([this.#length, chunk.subarray(at)]));
      return false;
    }
    return true;
  }
}

/** Says what it is instead, where that can be told: `it begins with "HTTP/1.1 400 Bad Request"`. */
function faultOf(bytes: Buffer): string {
  if (isTls(bytes)) return 'it expects TLS, and tidemark speaks to plaintext listeners only so far';
  // Nothing that a terminal would obey.
  const line = /^[\x20-\x7e]{4,60}/.exec(bytes.toString('latin1', 0, 60))?.[0];
  const beginning = line === undefined ? `a length of ${bytes.readInt32BE()} bytes` : JSON.stringify(line);
  return `what it sends is no answer of Kafka, it begins with ${beginning}`;
}

/** A TLS record (RFC 8446, 5.1): its type, then 3 and the minor version. */
function isTls(bytes: Buffer): boolean {
  const [type = 0, major, minor = 0] = bytes;
  return type >= 0x14 && type <= 0x17 && major === 3 && minor <= 4;
}
