/**
 * The one error type, and the catalogue of its codes: docs/errors.md is generated from it.
 * A message is a clear sentence: what is wrong, where, and what to do. It never holds a secret.
 */
export type ErrorClass = 'config' | 'upstream' | 'store' | 'request' | 'bug';

interface CatalogueEntry {
  class: ErrorClass;
  /** Whether the next cycle may succeed without anybody acting. */
  retry: boolean;
  /** HTTP status where a route ends with it. */
  status: number;
  meaning: string;
  advice: string;
}

export const errorCatalogue = {
  'config.invalid': {
    class: 'config',
    retry: false,
    status: 400,
    meaning: 'A setting is missing, unknown or out of its range.',
    advice: 'Correct the settings that the message names; docs/config.md lists them all.',
  },
  'config.unreadable': {
    class: 'config',
    retry: false,
    status: 400,
    meaning: 'A file of settings cannot be read or is not what its ending says.',
    advice: 'Check the path, its permissions and its syntax.',
  },
  'config.same-cluster': {
    class: 'config',
    retry: false,
    status: 400,
    meaning: 'Two entries of `clusters` are one Kafka cluster: only the first of them is watched.',
    advice: 'Remove one of the two.',
  },
  'output.unwritable': {
    class: 'config',
    retry: false,
    status: 500,
    meaning: 'The file that a command was told to write cannot be written.',
    advice: 'Check the path, its permissions and the space there.',
  },
  'http.port-unavailable': {
    class: 'config',
    retry: false,
    status: 500,
    meaning: 'tidemark cannot listen on the address and port that it was given.',
    advice: 'Give another with --host and --port, or stop what listens there.',
  },
  'upstream.unreachable': {
    class: 'upstream',
    retry: true,
    status: 503,
    meaning: 'No connection to a broker can be made.',
    advice: 'Check that the broker lives, and that its advertised listener is reachable from here.',
  },
  'upstream.timeout': {
    class: 'upstream',
    retry: true,
    status: 504,
    meaning: 'A broker took the request and did not answer in time.',
    advice: 'Look at the broker: is it frozen, overloaded, or cut off?',
  },
  'upstream.denied': {
    class: 'upstream',
    retry: false,
    status: 403,
    meaning: 'Kafka refuses the request: the principal may not ask it.',
    advice: 'Grant Describe on the named resource; README, Permissions, has the lines to paste.',
  },
  'upstream.stale': {
    class: 'upstream',
    retry: true,
    status: 503,
    meaning: 'A leader or coordinator moved, and asking again within the cycle did not help.',
    advice: 'Nothing, unless it lasts: then look for an election that does not end.',
  },
  'upstream.transient': {
    class: 'upstream',
    retry: true,
    status: 503,
    meaning: 'The broker is not ready to answer: an election or a loading coordinator.',
    advice: 'Nothing, unless it lasts for minutes: then look at the broker.',
  },
  'upstream.no-leader': {
    class: 'upstream',
    retry: true,
    status: 503,
    meaning: 'The partition has no leader, so nobody can be asked.',
    advice: 'Bring back a broker that holds an in-sync replica.',
  },
  'upstream.unsupported': {
    class: 'upstream',
    retry: false,
    status: 501,
    meaning: 'The broker or the driver cannot answer this question.',
    advice: 'Nothing: what depends on it is shown as unknown. A newer broker or the wire driver can.',
  },
  'upstream.protocol': {
    class: 'upstream',
    retry: true,
    status: 502,
    meaning: 'A broker answered with an error that tidemark does not expect here.',
    advice: "Read the broker's log at that moment, and report it with tidemark's log line.",
  },
  'store.unusable': {
    class: 'store',
    retry: false,
    status: 500,
    meaning: 'The SQLite file is damaged or was written by a newer version; it was set aside and a new one begun.',
    advice: 'Keep the file that was set aside if its history matters; otherwise delete it.',
  },
  'store.write-failed': {
    class: 'store',
    retry: true,
    status: 500,
    meaning: 'A cycle could not be stored; judging and publishing go on.',
    advice: 'Check the space and the permissions of the data directory.',
  },
  'store.unreadable': {
    class: 'store',
    retry: false,
    status: 500,
    meaning: 'A command was told to read the history of a cluster, and its file is damaged, or of another version.',
    advice: 'Use the version of tidemark that wrote it, or check the file and its permissions.',
  },
  'store.in-use': {
    class: 'store',
    retry: false,
    status: 500,
    meaning: 'Another tidemark writes to the data directory.',
    advice: 'Stop the other one, or give each a data directory of its own.',
  },
  'store.network-file-system': {
    class: 'store',
    retry: false,
    status: 500,
    meaning: 'The data directory lies on a network file system, whose locks SQLite cannot rely on.',
    advice: 'Move the data directory to a local disk or a block volume.',
  },
  'request.invalid': {
    class: 'request',
    retry: false,
    status: 400,
    meaning: 'A request to the API has a parameter that is unknown, missing or out of its range.',
    advice: 'Correct the parameter that the message names; /openapi.json lists them all.',
  },
  'request.not-found': {
    class: 'request',
    retry: false,
    status: 404,
    meaning: 'What was asked for is not known here.',
    advice: 'Look it up in /api/v1/clusters, /api/v1/groups or /api/v1/topics; /openapi.json lists all addresses.',
  },
  'request.too-many': {
    class: 'request',
    retry: true,
    status: 429,
    meaning: 'One client asks more often than anybody can read.',
    advice: 'Ask again after the seconds that the Retry-After header names.',
  },
  'bug.unexpected': {
    class: 'bug',
    retry: true,
    status: 500,
    meaning: 'tidemark met something that it should not have.',
    advice: "Report it with the stack that stands in tidemark's log.",
  },
} as const satisfies Record<string, CatalogueEntry>;
export type ErrorCode = keyof typeof errorCatalogue;

export class TidemarkError extends Error {
  override readonly name = 'TidemarkError';
  readonly code: ErrorCode;
  /** What the sentence is about: broker, topic, file, ... Never a secret. */
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, context: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.context = context;
  }
}
