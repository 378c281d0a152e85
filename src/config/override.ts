import { durationFormat } from '../model/duration.ts';
import { isMap } from './interpret.ts';
import { environmentName, listSettings, own, type SettingSchema, schemaAt } from './settings.ts';
import { parseYaml } from './yaml-text.ts';

/** A value given as text, by a flag or the environment. */
export interface Override {
  path: readonly string[];
  text: string;
  /** `--port` or `TIDEMARK_HTTP_PORT`: the fault's sentence begins with it. */
  source: string;
}

/** What flags and environment say of the one cluster that they name; it takes the place of the file's list. */
export interface SingleCluster {
  bootstrapServers?: string;
  name?: string;
}

export const singleClusterEnvironment = {
  bootstrapServers: 'TIDEMARK_BOOTSTRAP_SERVERS',
  name: 'TIDEMARK_CLUSTER_NAME',
} as const satisfies Record<keyof SingleCluster, string>;

export const singleClusterFlags = {
  bootstrapServers: '--bootstrap-servers',
  name: '--cluster-name',
} as const satisfies Record<keyof SingleCluster, string>;

/** Unknown TIDEMARK_ names are no fault: Kubernetes sets TIDEMARK_PORT and the like for a service called tidemark. */
export function environmentOverrides(
  root: SettingSchema,
  environment: Readonly<Record<string, string | undefined>>,
): Override[] {
  return listSettings(root).flatMap(({ path }) => {
    const source = environmentName(path);
    const text = environment[source];
    return text === undefined ? [] : [{ path, text, source }];
  });
}

/** Writes the override into the settings. A path that no setting has is written as it stands, for the check to name. */
export function applyOverride(root: SettingSchema, written: Record<string, unknown>, { path, text }: Override): void {
  let section = written;
  for (const key of path.slice(0, -1)) {
    const existing = own(section, key);
    const next = isMap(existing) ? existing : {};
    define(section, key, next);
    section = next;
  }
  define(section, path.at(-1) ?? '', readText(schemaAt(root, path), text));
}

export function applySingleCluster(written: Record<string, unknown>, cluster: SingleCluster): void {
  if (cluster.bootstrapServers !== undefined) {
    written.clusters = [cluster];
  } else if (cluster.name !== undefined && Array.isArray(written.clusters) && isMap(written.clusters[0])) {
    written.clusters = [{ ...written.clusters[0], name: cluster.name }, ...written.clusters.slice(1)];
  }
}

/** Assignment would reach the prototype for a key such as `__proto__`. */
function define(section: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(section, key, { value, enumerable: true, configurable: true, writable: true });
}

/** What the text means where that schema stands; text that does not fit stays text, for the check to name. */
function readText(schema: SettingSchema | undefined, text: string): unknown {
  if (schema === undefined || schema.type === 'string' || schema.format === durationFormat) return text;
  if (schema.enum !== undefined) return text;
  if (schema.items?.type === 'string') {
    const names = text.split(',').map((name) => name.trim());
    return names.filter((name) => name !== '');
  }
  const parsed = parseYaml(text);
  return 'value' in parsed ? parsed.value : text;
}
