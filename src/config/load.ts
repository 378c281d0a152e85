import Value from 'typebox/value';
import { parseDocument } from 'yaml';
import { durationFormat, formatDuration } from '../model/duration.ts';
import { TidemarkError } from '../model/errors.ts';
import { expectation, type Fault, faultText } from './fault.ts';
import { interpret, isMap } from './interpret.ts';
import {
  applyOverride,
  applySingleCluster,
  environmentOverrides,
  type Override,
  type SingleCluster,
  singleClusterEnvironment,
} from './override.ts';
import { type Config, ConfigSchema } from './schema.ts';
import { type SettingSchema, schemaAt } from './settings.ts';

/** Where settings come from. Flags win over the environment, that over the file, that over the defaults. */
export interface ConfigSources {
  file?: { name: string; text: string };
  environment?: Readonly<Record<string, string | undefined>>;
  flags?: readonly Override[];
  /** The cluster that flags name. */
  cluster?: SingleCluster;
}

const root = ConfigSchema as SettingSchema;

/** Reads the settings, or throws one `config.invalid` that names every fault. `offline` commands need no cluster. */
export function loadConfig(sources: ConfigSources, needs: 'clusters' | 'offline' = 'clusters'): Config {
  const written = sources.file === undefined ? {} : parseFile(sources.file);
  const environment = sources.environment ?? {};
  const overrides = [...environmentOverrides(root, environment), ...(sources.flags ?? [])];
  for (const override of overrides) applyOverride(root, written, override);
  applySingleCluster(written, { ...clusterOf(environment), ...sources.cluster });

  const { value, faults } = interpret(root, written);
  faults.push(...schemaFaults(value, faults, needs));
  if (faults.length === 0) faults.push(...repeatedNames(value as Config));
  if (faults.length === 0) return value as Config;
  throw invalid(faults.map((fault) => sourceOf(fault, sources, overrides) + faultText(fault)));
}

function clusterOf(environment: Readonly<Record<string, string | undefined>>): SingleCluster {
  const bootstrapServers = environment[singleClusterEnvironment.bootstrapServers];
  const name = environment[singleClusterEnvironment.name];
  return { ...(bootstrapServers !== undefined && { bootstrapServers }), ...(name !== undefined && { name }) };
}

function parseFile({ name, text }: { name: string; text: string }): Record<string, unknown> {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error) => `  ${error.message.split('\n')[0]}`);
    throw new TidemarkError('config.unreadable', [`${name} is not YAML:`, ...problems].join('\n'), { file: name });
  }
  const value: unknown = document.toJS() ?? {};
  if (isMap(value)) return value;
  throw new TidemarkError('config.invalid', `${name} holds no settings; write lines of "key: value"`, { file: name });
}

/** Types and ranges, by the schema; silent about what is a fault already. */
function schemaFaults(value: unknown, known: readonly Fault[], needs: 'clusters' | 'offline'): Fault[] {
  const named = new Set(known.map(({ path }) => path.join('/')));
  if (needs === 'offline') named.add('clusters');
  const faults = Value.Errors(ConfigSchema, value).flatMap((error) => faultsOf(error, value));
  return faults.filter(({ path }) => {
    const where = path.join('/');
    const isNew = !named.has(where);
    named.add(where); // a value may break several rules at once; its first fault says what to write
    return isNew;
  });
}

/** Names key the store, the page and the metrics. */
function repeatedNames({ clusters }: Config): Fault[] {
  const names = clusters.map(({ name, bootstrapServers }) => name ?? bootstrapServers);
  return names.flatMap((name, index) => {
    if (names.indexOf(name) === index) return [];
    const path = ['clusters', index, 'name'];
    return [{ path, problem: `"${name}" names two clusters`, instead: 'write another name' }];
  });
}

function faultsOf(error: ReturnType<typeof Value.Errors>[number], value: unknown): Fault[] {
  const path = pointerPath(error.instancePath);
  if (error.keyword === 'required') {
    return error.params.requiredProperties.map((key) => faultAt([...path, key], 'is missing'));
  }
  if (path.length === 1 && path[0] === 'clusters' && error.keyword === 'minItems') {
    const instead = `give --bootstrap-servers host:port, set ${singleClusterEnvironment.bootstrapServers}, or list clusters in the file`;
    return [{ path, problem: 'no cluster is named', instead }];
  }
  return [faultAt(path, `${shown(path, valueAt(value, path))} does not fit`)];
}

function faultAt(path: readonly (string | number)[], problem: string): Fault {
  return { path, problem, instead: expectation(schemaAt(root, path) ?? {}) };
}

/** The value as its user wrote it. */
function shown(path: readonly (string | number)[], value: unknown): string {
  const isDuration = schemaAt(root, path)?.format === durationFormat && typeof value === 'number';
  return isDuration ? formatDuration(value) : JSON.stringify(value);
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], value);
}

/** `/clusters/0/name` -> `['clusters', 0, 'name']` (RFC 6901) */
function pointerPath(pointer: string): (string | number)[] {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function sourceOf({ path }: Fault, { file, cluster }: ConfigSources, overrides: readonly Override[]): string {
  const from = overrides.findLast((override) => override.path.every((key, index) => path[index] === key));
  if (from !== undefined) return `${from.source}: `;
  if (path[0] === 'clusters' && cluster?.bootstrapServers !== undefined) return '--bootstrap-servers: ';
  return file === undefined ? '' : `${file.name}: `;
}

function invalid(faults: readonly string[]): TidemarkError {
  const heading = faults.length === 1 ? 'One setting is wrong:' : `${faults.length} settings are wrong:`;
  return new TidemarkError('config.invalid', [heading, ...faults.map((fault) => `  ${fault}`)].join('\n'), { faults });
}
