import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { TidemarkError } from '../model/errors.ts';

/** Linux' numbers of network file systems (statfs f_type): SQLite cannot rely on their locks. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x00c36400, 'Ceph'],
  [0x5346414f, 'AFS'],
  [0x01021997, '9p'],
]);

/** Name of the network file system that the directory lies on; null: none that is known. */
export function networkFileSystem(directory: string): string | null {
  // Some platforms give the number as a signed one.
  return networkFileSystems.get(statfsSync(directory).type >>> 0) ?? null;
}

/** Makes the directory where it is missing, and tells what is wrong with it; whether it can be written shows at the first commit. */
export function prepareDirectory(directory: string, notify: (notice: TidemarkError) => void): void {
  try {
    mkdirSync(directory, { recursive: true });
    const system = networkFileSystem(directory);
    if (system === null) return;
    const message = `The data directory ${directory} lies on ${system}, a network file system whose locks SQLite cannot rely on: move it to a local disk or a block volume.`;
    notify(new TidemarkError('store.network-file-system', message, { directory, system }));
  } catch (error) {
    notify(unusableDirectory(directory, error));
  }
}

/**
 * Keeps other processes out of the directory for as long as the answer is open. The lock is the operating system's, so it ends
 * with the process, however that ends. Null where it cannot be taken for another reason, which has been told.
 */
export function lockDirectory(directory: string, notify: (notice: TidemarkError) => void): Disposable | null {
  let lock: Database | null = null;
  try {
    lock = new SqliteDatabase(join(directory, 'tidemark.lock'), { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    const held = lock;
    return { [Symbol.dispose]: () => held.close() };
  } catch (error) {
    lock?.close();
    if (error instanceof SqliteDatabase.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      const message = `The data directory ${directory} is in use by another tidemark: stop that one, or give this one a directory of its own (--data-dir).`;
      throw new TidemarkError('store.in-use', message, { directory }, error);
    }
    notify(unusableDirectory(directory, error));
    return null;
  }
}

function unusableDirectory(directory: string, cause: unknown): TidemarkError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const message = `The data directory ${directory} cannot be used (${why}): nothing is stored until it can be written; watching goes on.`;
  return new TidemarkError('store.write-failed', message, { directory }, cause);
}
