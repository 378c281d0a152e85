import swagger from '@fastify/swagger';
import type { App } from './app.ts';

const info = {
  title: 'tidemark',
  description:
    'Lag, deadlines and findings of Kafka consumer groups. Times are ms since the epoch, ...Seconds are seconds. A null number does not apply, or is unknown where `unknown` names the reason.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** Makes /openapi.json from the schemas of the routes that are registered after it. */
export async function describeApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { ...info, version } },
    transform: ({ schema, url }) => ({ schema: { ...schema, ...optionalDefaults(schema?.querystring) }, url }),
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

interface ObjectSchema {
  properties?: Record<string, object>;
  required?: string[];
}

/** Handlers always see a parameter that has a default, so its type says required; to a client it is optional. */
function optionalDefaults(querystring: unknown): { querystring?: ObjectSchema } {
  const { properties = {}, required = [], ...rest } = (querystring ?? {}) as ObjectSchema;
  if (required.length === 0) return {};
  const demanded = required.filter((name) => !('default' in (properties[name] ?? {})));
  return { querystring: { ...rest, properties, required: demanded } };
}
