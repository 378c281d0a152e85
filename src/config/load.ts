import Value from 'typebox/value';
import { durationFormat, formatDuration } from '../model/duration.ts';
import { TidemarkError } from '../model/errors.ts';
import { expectation, type Fault, faultText, valueText } from './fault.ts';
import { interpret, isMap } from './interpret.ts';
import {
  applyOverride,
  applySingleCluster,
  environmentOverrides,
  type Override,
  type SingleCluster,
  singleClusterEnvironment,
  singleClusterFlags,
} from './override.ts';
import { type Config, ConfigSchema } from './schema.ts';
import { own, type SettingSchema, schemaAt } from './settings.ts';
import { parseYaml } from './yaml-text.ts';

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
  faults.push(...repeatedNames(value));
  if (faults.length === 0) return value as Config;
  throw invalid(faults.map((fault) => sourceOf(fault, sources, overrides) + faultText(fault)));
}

function clusterOf(environment: Readonly<Record<string, string | undefined>>): SingleCluster {
  const bootstrapServers = environment[singleClusterEnvironment.bootstrapServers];
  const name = environment[singleClusterEnvironment.name];
  return { ...(bootstrapServers !== undefined && { bootstrapServers }), ...(name !== undefined && { name }) };
}

function parseFile({ name, text }: { name: string; text: string }): Record<string, unknown> {
  const parsed = parseYaml(text);
  if ('problems' in parsed) {
    const lines = [`${name} is not YAML:`, ...parsed.problems.map((problem) => `  ${problem}`)];
    throw new TidemarkError('config.unreadable', lines.join('\n'), { file: name });
  }
  const value = parsed.value ?? {};
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

/** Names key the store, the page and the metrics. What else is wrong with an entry has been told. */
function repeatedNames(value: unknown): Fault[] {
  const clusters = isMap(value) && Array.isArray(value.clusters) ? value.clusters : [];
  const names = clusters.map((cluster) => (isMap(cluster) ? (cluster.name ?? cluster.bootstrapServers) : undefined));
  return names.flatMap((name, index) => {
    if (typeof name !== 'string' || name === '' || names.indexOf(name) === index) return [];
    const path = ['clusters', index, 'name'];
    return [{ path, problem: `${valueText(name)} names two clusters`, instead: 'write another name' }];
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
  return isDuration ? formatDuration(value) : valueText(value);
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], value);
}

/** `/clusters/0/name` -> `['clusters', 0, 'name']` (RFC 6901) */
function pointerPath(pointer: string): (string | number)[] {
  const keys = pointer.split('/').slice(1);
  return keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function sourceOf({ path }: Fault, sources: ConfigSources, overrides: readonly Override[]): string {
  const leadsHere = (override: Override) => override.path.every((key, at) => at >= path.length || path[at] === key);
  const from = overrides.findLast(leadsHere)?.source ?? clusterSource(path, sources) ?? sources.file?.name;
  return from === undefined ? '' : `${from}: `;
}

/** The flag or the environment's name that a fault of the one cluster comes from. */
function clusterSource(path: Fault['path'], { cluster = {}, environment = {} }: ConfigSources): string | undefined {
  if (path[0] !== 'clusters') return undefined;
  const key = path[2] === 'name' ? 'name' : 'bootstrapServers';
  if (cluster[key] !== undefined) return singleClusterFlags[key];
  const name = singleClusterEnvironment[key];
  return own(environment, name) === undefined ? undefined : name;
}

function invalid(faults: readonly string[]): TidemarkError {
  const heading = faults.length === 1 ? 'One setting is wrong:' : `${faults.length} settings are wrong:`;
  return new TidemarkError('config.invalid', [heading, ...faults.map((fault) => `  ${fault}`)].join('\n'), { faults });
}
