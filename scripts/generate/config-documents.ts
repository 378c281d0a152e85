import { singleClusterEnvironment } from '../../src/config/override.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { environmentName, listSettings, type Setting, type SettingSchema } from '../../src/config/settings.ts';
import { durationFormat, durationPattern, formatDuration } from '../../src/model/duration.ts';
import { code, document, sentence, table } from './markdown.ts';

const root = ConfigSchema as SettingSchema;

/** docs/config.md: every setting with its default, its name in the environment and its meaning. */
export function configDocument(): string {
  const sections = Object.entries(root.properties ?? {});
  const scalars = sections.filter(([, schema]) => schema.properties === undefined && !isListOfMaps(schema));
  const nested = sections.filter(([, schema]) => schema.properties !== undefined);
  const lists = sections.filter(([, schema]) => isListOfMaps(schema));
  return document(
    '# Settings',
    'Settings come from a YAML file (`--config FILE`), from the environment, and from flags (`--set setting=value` reaches every ' +
      'one, `tidemark --help` lists those with a flag of their own). Flags win over the environment, that over the file. ' +
      'Durations are written as a number and one unit: `500ms`, `15s`, `4m`, `26h`, `7d`. Every fault is named at once, and the ' +
      'exit status is then 2. SIGHUP reads the file again; `dataDir`, `store`, `http` and `metrics` take effect at the next start.',
    `One cluster needs no file: \`--bootstrap-servers\` and \`--cluster-name\`, or \`${singleClusterEnvironment.bootstrapServers}\` ` +
      `and \`${singleClusterEnvironment.name}\`, take the place of the list \`clusters\`.`,
    'Lists of names are written with commas in flags and environment, lists of maps as YAML. An editor that knows JSON Schema finds ' +
      'the same in `config.schema.json`.',
    settingsTable(scalars.flatMap(([key, schema]) => listSettings(schema, [key]))),
    ...lists.flatMap(([key, schema]) => [`## ${key}`, listIntroduction(key, schema), entryTable(schema.items ?? {})]),
    ...nested.flatMap(([key, schema]) => [
      `## ${key}`,
      ...(schema.description === undefined ? [] : [sentence(schema.description)]),
      settingsTable(listSettings(schema, [key])),
    ]),
  );
}

function isListOfMaps(schema: SettingSchema): boolean {
  return schema.items?.properties !== undefined;
}

function listIntroduction(key: string, { description = '' }: SettingSchema): string {
  return `${sentence(description)} A list of maps; in the environment ${code(environmentName([key]))}, as YAML.`;
}

function settingsTable(settings: readonly Setting[]): string {
  return table(
    ['Setting', 'Default', 'Environment', 'Meaning'],
    settings.map(({ path, schema }) => [
      code(path.join('.')),
      defaultText(schema),
      code(environmentName(path)),
      meaningOf(schema),
    ]),
  );
}

function entryTable(entry: SettingSchema): string {
  return table(
    ['Key', 'Default', 'Meaning'],
    listSettings(entry).map(({ path, schema }) => [code(path.join('.')), defaultText(schema), meaningOf(schema)]),
  );
}

function meaningOf(schema: SettingSchema): string {
  const choices =
    schema.enum === undefined ? '' : ` One of ${schema.enum.map((word) => code(String(word))).join(', ')}.`;
  return `${sentence(schema.description ?? '')}${choices}`.trim();
}

function defaultText(schema: SettingSchema): string {
  if (schema.default === undefined) return '';
  if (schema.format === durationFormat) return code(formatDuration(schema.default as number));
  return code(typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default));
}

/** docs/config.schema.json: the settings as users write them, durations as text. */
export function configSchemaDocument(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'tidemark settings',
    ...written(root),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** The schema of what is written, where the config's own describes what is read. Nothing with a default is required. */
function written(schema: SettingSchema): object {
  if (schema.format === durationFormat) {
    const { description, default: byDefault } = schema;
    const text = byDefault === undefined ? {} : { default: formatDuration(byDefault as number) };
    return { type: 'string', pattern: durationPattern.source, ...text, ...(description && { description }) };
  }
  const { properties, required, items, ...others } = schema;
  if (properties === undefined) return { ...others, ...(items && { items: written(items) }) };
  const entries = Object.entries(properties);
  const needed = required?.filter((key) => isNeeded(properties[key]!)) ?? [];
  return {
    ...others,
    properties: Object.fromEntries(entries.map(([key, child]) => [key, written(child)])),
    additionalProperties: false,
    ...(needed.length > 0 && { required: needed }),
  };
}

function isNeeded(schema: SettingSchema): boolean {
  return schema.default === undefined && schema.properties === undefined;
}
