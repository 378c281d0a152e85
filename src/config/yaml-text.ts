import { parseDocument } from 'yaml';

/** What YAML says, or what is wrong with it: one sentence a fault. */
type ParsedYaml = { value: unknown } | { problems: readonly string[] };

/** Reads YAML whose values are a tree: an alias to what holds it would be a circle, which no setting is. */
export function parseYaml(text: string): ParsedYaml {
  try {
    const document = parseDocument(text, { prettyErrors: true });
    if (document.errors.length > 0) {
      return { problems: document.errors.map(({ message }) => message.split('\n')[0]!) };
    }
    const value: unknown = document.toJS();
    JSON.stringify(value); // throws for a circle
    return { value };
  } catch (error) {
    // The parser throws where an alias leads nowhere, or to more than fits, and where the text nests deeper than the stack.
    return { problems: [(error as Error).message.split('\n')[0]!] };
  }
}
