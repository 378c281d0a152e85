/** The config schema seen as a list of settings: what each is called in YAML, in the environment and in --set. */

/** The part of JSON Schema that the config schema is made of. */
export interface SettingSchema {
  type?: string;
  format?: string;
  description?: string;
  default?: unknown;
  enum?: readonly unknown[];
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  minItems?: number;
  properties?: Readonly<Record<string, SettingSchema>>;
  required?: readonly string[] | undefined;
  items?: SettingSchema;
  patternProperties?: Readonly<Record<string, SettingSchema>>;
}

/** One thing that can be set: a leaf of the schema, or a list or map that is written as a whole. */
export interface Setting {
  path: readonly string[];
  schema: SettingSchema;
}

/** All settings below a section, in the schema's order. */
export function listSettings(section: SettingSchema, path: readonly string[] = []): Setting[] {
  if (section.properties === undefined) return [{ path, schema: section }];
  return Object.entries(section.properties).flatMap(([key, schema]) => listSettings(schema, [...path, key]));
}

/** `['store', 'maxBytes']` -> `TIDEMARK_STORE_MAX_BYTES` */
export function environmentName(path: readonly string[]): string {
  const words = path.map((key) =>
    key
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .replaceAll('-', '_')
      .toUpperCase(),
  );
  return `TIDEMARK_${words.join('_')}`;
}

/** `['clusters', 0, 'name']` -> `clusters[0].name` */
export function pathText(path: readonly (string | number)[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? key : `.${key}`;
  }
  return text;
}

/** The schema that stands at a path; undefined where the path leads nowhere. */
export function schemaAt(root: SettingSchema, path: readonly (string | number)[]): SettingSchema | undefined {
  let at: SettingSchema | undefined = root;
  for (const key of path) {
    if (typeof key === 'number') at = at?.items;
    else at = own(at?.properties, key) ?? Object.values(at?.patternProperties ?? {})[0];
  }
  return at;
}

/** Looks up a key that a user wrote: never finds what every object inherits. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
