import { type Logger, pino } from 'pino';
import { TidemarkError } from './model/errors.ts';

export type { Logger } from 'pino';

/**
 * The one place where loggers are made: JSON lines on standard error, so that standard output stays free for what people read.
 * Settings are never logged as a whole, and an error's fields are those of TidemarkError, which hold no secret.
 */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

function describeError(error: unknown): Record<string, unknown> {
  if (error instanceof TidemarkError) return { code: error.code, message: error.message };
  return error instanceof Error ? { message: error.message, stack: error.stack } : { message: String(error) };
}
