import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TidemarkError } from '../../../src/model/errors.ts';
import { openStore, type Store, type StoreSettings } from '../../../src/store/store.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** A round moment, so that buckets of a minute and of ten begin at it. */
export const startMs = 1_700_000_400_000;

export const keepAll: StoreSettings = { raw: 2 * hourMs, minute: 48 * hourMs, tenMinutes: 30 * dayMs, maxBytes: 1e9 };

export interface Opened {
  directory: string;
  store: Store;
  notices: TidemarkError[];
  /** Closes the store, as a daemon that ends does, and opens it again. */
  reopen(): Store;
}

/** A store in a directory of its own that goes with the test. */
export function temporaryStore(t: TestContext, settings: Partial<StoreSettings> = {}): Opened {
  const directory = mkdtempSync(join(tmpdir(), 'tidemark-store-'));
  const notices: TidemarkError[] = [];
  const open = () =>
    openStore(directory, { settings: { ...keepAll, ...settings }, notify: (notice) => notices.push(notice) });
  const opened: Opened = {
    directory,
    store: open(),
    notices,
    reopen: () => {
      opened.store[Symbol.dispose]();
      opened.store = open();
      return opened.store;
    },
  };
  t.after(() => {
    opened.store[Symbol.dispose]();
    rmSync(directory, { recursive: true, force: true });
  });
  return opened;
}
