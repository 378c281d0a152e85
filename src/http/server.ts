import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify from 'fastify';
import { ErrorAnswer } from '../model/wire.ts';
import type { App, HttpParts } from './app.ts';
import { answerErrors, sendError } from './errors.ts';
import { describeApi } from './openapi.ts';
import { inlineScriptHashes, listPageFiles, type PageFile } from './page-files.ts';
import { revalidate } from './revalidation.ts';
import { brokerRoutes } from './routes/brokers.ts';
import { clusterRoutes } from './routes/clusters.ts';
import { findingRoutes } from './routes/findings.ts';
import { groupRoutes } from './routes/groups.ts';
import { healthRoutes } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { pageRoutes } from './routes/page.ts';
import { topicRoutes } from './routes/topics.ts';

/** Of the API, a minute and client: ten open pages that poll every two seconds stay below it. Scrapes and probes have no limit. */
const requestsAtMost = 3_000;

/** Kafka bounds a group ID at 32,767 bytes; Node bounds a request's head at 16 KiB before that. */
const longestName = 16_384;

/** The server with all its routes, not yet listening. It reads memory and the store, and never asks Kafka. */
export async function createServer(parts: HttpParts): Promise<App> {
  const app: App = fastify({
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: longestName },
    // An address that cannot be decoded never comes to a route.
    frameworkErrors: (error, _request, reply) => sendError(reply, error, parts),
    // What the schema does not know is an error that names it, not something to drop in silence.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false } },
  });
  answerErrors(app, parts);
  const files = await listPageFiles(parts.webDirectory);
  await secure(app, files);
  await describeApi(app, parts.version);
  await app.register(async (instance: App) => {
    healthRoutes(instance, parts);
    metricsRoutes(instance, parts);
    pageRoutes(instance, files);
  });
  await app.register(
    async (api: App) => {
      await api.register(rateLimit, { max: requestsAtMost, timeWindow: '1 minute' });
      addErrorSchemas(api);
      clusterRoutes(api, parts);
      await api.register(async (cycle: App) => {
        revalidate(cycle, parts);
        groupRoutes(cycle, parts);
        topicRoutes(cycle, parts);
        brokerRoutes(cycle, parts);
        findingRoutes(cycle, parts);
        historyRoutes(cycle, parts);
      });
    },
    { prefix: '/api/v1' },
  );
  await app.ready();
  return app;
}

/** Headers for browsers. The page loads nothing from elsewhere and may be shown over plain HTTP, so nothing is upgraded. */
async function secure(app: App, files: readonly PageFile[]): Promise<void> {
  const index = files.find(({ address }) => address === 'index.html');
  const html = index === undefined ? '' : (await index.read()).body.toString();
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", ...inlineScriptHashes(html)],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'self'"],
      },
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });
}

/** Every route of the API may answer with an error, and all errors have one shape. */
function addErrorSchemas(api: App): void {
  api.addHook('onRoute', (route) => {
    const response = route.schema?.response as Record<string, unknown> | undefined;
    if (response === undefined) return;
    response['4xx'] = ErrorAnswer;
    response['5xx'] = ErrorAnswer;
  });
}
