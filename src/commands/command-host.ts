/** What a command gets of the process it runs in. main.ts makes it; nothing else touches `process`. */
export interface CommandHost {
  /** Without node and script. */
  arguments: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
  /** Standard input as it comes. */
  stdin: AsyncIterable<Uint8Array>;
  /** Writes to standard output; resolves when more can be taken. */
  print(text: string): Promise<void>;
  /** Writes a line to standard error: for humans, and for what went wrong. */
  complain(line: string): void;
  /** Fires on SIGINT and SIGTERM. */
  stop: AbortSignal;
  /** Calls the listener on each SIGHUP. */
  onReload(listener: () => void): void;
  /** CPU time of the whole process so far, user and system, in seconds. */
  cpuSeconds(): number;
  nodeVersion: string;
}

/** Exit codes of all commands. */
export const exitCodes = { allWell: 0, somethingFound: 1, wrongUse: 2 } as const;
