import type { FastifyError, FastifyReply, FastifySchemaValidationError } from 'fastify';
import { type ErrorCode, errorCatalogue, TidemarkError } from '../model/errors.ts';
import type { ErrorAnswer } from '../model/wire.ts';
import type { App, HttpParts } from './app.ts';

/** Every error leaves in one shape: code, what is wrong, what to do. An exception that is none of ours is a bug. */
export function answerErrors(app: App, parts: HttpParts): void {
  app.setNotFoundHandler((request) => {
    throw new TidemarkError('request.not-found', `Nothing is served at ${request.method} ${request.url}.`);
  });
  app.setErrorHandler((thrown: FastifyError, _request, reply) => sendError(reply, thrown, parts));
}

/** Answers with what was thrown. */
export function sendError(reply: FastifyReply, thrown: FastifyError, { reportBug }: HttpParts): FastifyReply {
  const error = asTidemarkError(thrown);
  if (error.code === 'bug.unexpected') reportBug('route', thrown);
  return reply.code(errorCatalogue[error.code].status).send(answerOf(error));
}

function answerOf({ code, message }: TidemarkError): ErrorAnswer {
  return { error: { code, message, advice: errorCatalogue[code].advice } };
}

function asTidemarkError(thrown: FastifyError): TidemarkError {
  if (thrown instanceof TidemarkError) return thrown;
  if (thrown.validation !== undefined) {
    return new TidemarkError('request.invalid', faultSentence(thrown.validation, thrown.validationContext));
  }
  const code = codeByStatus(thrown.statusCode);
  // What is not a client's mistake may hold anything in its message: it goes to the log, not to the client.
  return new TidemarkError(code, code === 'bug.unexpected' ? errorCatalogue[code].meaning : thrown.message, {}, thrown);
}

function codeByStatus(status: number | undefined): ErrorCode {
  if (status === 404) return 'request.not-found';
  if (status === 429) return 'request.too-many';
  return status !== undefined && status >= 400 && status < 500 ? 'request.invalid' : 'bug.unexpected';
}

const places: Readonly<Record<string, string>> = { querystring: 'query', params: 'path' };

/** `The query parameter "limit" must be <= 1000.` */
function faultSentence(faults: readonly FastifySchemaValidationError[], context: string | undefined): string {
  const [fault] = faults;
  const place = places[context ?? ''] ?? context ?? 'request';
  const { additionalProperty, allowedValues } = fault?.params ?? {};
  if (typeof additionalProperty === 'string') return `There is no ${place} parameter "${additionalProperty}".`;
  const words = Array.isArray(allowedValues) ? `must be one of ${allowedValues.join(', ')}` : fault?.message;
  return `The ${place} parameter "${fault?.instancePath.slice(1)}" ${words}.`;
}
