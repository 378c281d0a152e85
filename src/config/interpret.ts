import { durationFormat, parseDuration } from '../model/duration.ts';
import { expectation, type Fault, unknownKey, valueText } from './fault.ts';
import { own, type SettingSchema } from './settings.ts';

/**
 * Turns what the user wrote into what the schema describes: durations become milliseconds, defaults fill what was left out,
 * unknown keys become faults. Types and ranges are checked afterwards, against the schema itself.
 */
export function interpret(root: SettingSchema, written: unknown): { value: unknown; faults: Fault[] } {
  const faults: Fault[] = [];
  const value = at(root, written, []);
  return { value, faults };

  function at(schema: SettingSchema, value: unknown, path: readonly (string | number)[]): unknown {
    // YAML reads a key without a value as null: the section is there, with nothing in it.
    if (schema.properties !== undefined && (value === undefined || value === null)) return section(schema, {}, path);
    if (value === undefined && schema.default !== undefined) return structuredClone(schema.default);
    if (schema.format === durationFormat) return duration(schema, value, path);
    if (schema.properties !== undefined && isMap(value)) return section(schema, value, path);
    if (schema.items !== undefined && Array.isArray(value)) {
      const { items } = schema;
      return value.map((item, index) => at(items, item, [...path, index]));
    }
    return value;
  }

  function section(schema: SettingSchema, value: Record<string, unknown>, path: readonly (string | number)[]) {
    const result: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(schema.properties ?? {})) {
      const written = own(value, key);
      const optional = !schema.required?.includes(key);
      const setting = written === undefined && optional ? undefined : at(child, written, [...path, key]);
      if (setting !== undefined) result[key] = setting;
    }
    for (const key of Object.keys(value)) {
      if (own(schema.properties, key) === undefined) faults.push(unknownKey([...path, key], schema, root));
    }
    return result;
  }

  function duration(schema: SettingSchema, value: unknown, path: readonly (string | number)[]) {
    const ms = typeof value === 'string' ? parseDuration(value.trim()) : null;
    if (ms !== null) return ms;
    if (value !== undefined) {
      faults.push({ path, problem: `${valueText(value)} is no duration`, instead: expectation(schema) });
    }
    return undefined;
  }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
