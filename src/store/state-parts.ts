import type { Database, Statement } from 'better-sqlite3';

/** Items in one part: small enough that a change costs little to write, large enough that few parts are compared. */
const itemsPerPart = 256;

/** Lists and values that outlive the process, as JSON in parts; only parts whose text has changed are written. */
export class StateParts {
  readonly #write: Statement<[part: string, body: string]>;
  readonly #drop: Statement<[part: string]>;
  readonly #all: Statement<[], { part: string; body: string }>;
  readonly #texts: Map<string, string>;
  /** What each list was saved from: the same list is saved already. */
  readonly #saved = new Map<string, readonly unknown[]>();

  constructor(database: Database) {
    this.#write = database.prepare('INSERT INTO state VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body');
    this.#drop = database.prepare('DELETE FROM state WHERE part = ?');
    this.#all = database.prepare('SELECT part, body FROM state');
    this.#texts = new Map(this.#all.all().map(({ part, body }) => [part, body]));
  }

  saveValue(name: string, value: unknown): void {
    this.#save(name, JSON.stringify(value));
  }

  saveList(name: string, items: readonly unknown[]): void {
    if (this.#saved.get(name) === items) return;
    this.#saved.set(name, items);
    const parts = Math.ceil(items.length / itemsPerPart);
    for (let part = 0; part < parts; part++) {
      this.#save(partName(name, part), JSON.stringify(items.slice(part * itemsPerPart, (part + 1) * itemsPerPart)));
    }
    for (let part = parts; this.#texts.has(partName(name, part)); part++) {
      this.#drop.run(partName(name, part));
      this.#texts.delete(partName(name, part));
    }
  }

  /** Undefined where it was never saved. What was saved under a name is what is read under it: the types are the caller's. */
  value<T>(name: string): T | undefined {
    const text = this.#texts.get(name);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  list<T>(name: string): T[] {
    const items: T[] = [];
    for (let part = 0; ; part++) {
      const text = this.#texts.get(partName(name, part));
      if (text === undefined) return items;
      for (const item of JSON.parse(text) as T[]) items.push(item);
    }
  }

  #save(part: string, body: string): void {
    if (this.#texts.get(part) === body) return;
    this.#write.run(part, body);
    this.#texts.set(part, body);
  }
}

function partName(name: string, part: number): string {
  return `${name}/${part}`;
}
