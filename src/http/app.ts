import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Exposition } from '../metrics/exposition.ts';
import type { Clock } from '../model/clock.ts';
import type { SeriesReader } from '../model/series-reader.ts';
import type { ReportBoard } from './report-board.ts';

/** The server, with schemas that are typebox'. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What routes read. Nothing here can ask Kafka. */
export interface HttpParts {
  board: ReportBoard;
  exposition: Exposition;
  history: SeriesReader;
  clock: Clock;
  version: string;
  /** Folder of the page's sources (web/). */
  webDirectory: string;
  /** Told of an exception in a route; the client gets `bug.unexpected`. */
  reportBug: (where: string, error: unknown) => void;
}
