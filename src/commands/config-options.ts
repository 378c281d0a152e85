import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { type ConfigSources, loadConfig } from '../config/load.ts';
import type { Override } from '../config/override.ts';
import { type Config, ConfigSchema } from '../config/schema.ts';
import { type SettingSchema, schemaAt } from '../config/settings.ts';
import { TidemarkError } from '../model/errors.ts';
import type { CommandHost } from './command-host.ts';

/** Settings that have a flag of their own; every other one is reached by --set. */
const settingFlags = {
  interval: { flag: '--interval <duration>', path: ['interval'] },
  dataDir: { flag: '--data-dir <directory>', path: ['dataDir'] },
  host: { flag: '--host <address>', path: ['http', 'host'] },
  port: { flag: '--port <number>', path: ['http', 'port'] },
  logLevel: { flag: '--log-level <level>', path: ['log', 'level'] },
} as const;
type SettingFlag = keyof typeof settingFlags;

/** What commander gives for the options below. */
export interface ConfigOptions extends Partial<Record<SettingFlag, string>> {
  config?: string;
  bootstrapServers?: string;
  clusterName?: string;
  set?: readonly Override[];
}

/** Adds the options that say which cluster, and the settings that the command uses. */
export function addConfigOptions(command: Command, flags: readonly SettingFlag[] = ['logLevel']): Command {
  command
    .option('--bootstrap-servers <host:port,...>', 'brokers to begin with, of one cluster')
    .option('--cluster-name <name>', "what to call that cluster (default: Kafka's cluster ID)");
  return addFileOptions(command, flags);
}

/** --config, --set and flags of their own for some settings: for commands that need no cluster. */
export function addFileOptions(command: Command, flags: readonly SettingFlag[] = []): Command {
  for (const name of flags) {
    const { flag, path } = settingFlags[name];
    command.option(flag, schemaAt(ConfigSchema as SettingSchema, path)?.description);
  }
  return command
    .option('--config <file>', 'settings as YAML; docs/config.md lists them')
    .option('--set <setting=value>', 'any setting, e.g. store.raw=4h; may be repeated', parseSet);
}

function parseSet(text: string, earlier: readonly Override[] = []): Override[] {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) {
    throw new InvalidArgumentError('Write it as setting=value, e.g. --set store.raw=4h.');
  }
  return [...earlier, { path: path.split('.'), text: value, source: '--set' }];
}

/** Reads the settings that the options, the environment and the file give. */
export async function readConfig(
  options: ConfigOptions,
  host: CommandHost,
  needs: 'clusters' | 'offline' = 'clusters',
): Promise<Config> {
  const sources: ConfigSources = {
    environment: host.environment,
    flags: [...flagOverrides(options), ...(options.set ?? [])],
    cluster: {
      ...(options.bootstrapServers !== undefined && { bootstrapServers: options.bootstrapServers }),
      ...(options.clusterName !== undefined && { name: options.clusterName }),
    },
    ...(options.config !== undefined && { file: await readSettingsFile(options.config) }),
  };
  return loadConfig(sources, needs);
}

function flagOverrides(options: ConfigOptions): Override[] {
  return Object.entries(settingFlags).flatMap(([name, { flag, path }]) => {
    const text = options[name as SettingFlag];
    return text === undefined ? [] : [{ path, text, source: flag.split(' ')[0]! }];
  });
}

/** Throws `config.unreadable` where there is no such file. */
export async function readSettingsFile(name: string): Promise<{ name: string; text: string }> {
  try {
    return { name, text: await readFile(name, 'utf8') };
  } catch (error) {
    const message = `${name} cannot be read: ${(error as Error).message}; check the path and its permissions`;
    throw new TidemarkError('config.unreadable', message, { file: name }, error);
  }
}
