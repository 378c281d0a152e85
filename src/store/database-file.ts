import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { TidemarkError } from '../model/errors.ts';
import { migrations } from './migrations/index.ts';
import { DamagedBlockError } from './plane-codec.ts';

/** Files up to this size are checked as a whole when they are opened; larger ones would delay the start by seconds. */
const checkedBytes = 256_000_000;
/** Waits so long for another process that reads or backs up the file. */
const busyTimeoutMs = 2000;

class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError';
}

/**
 * Opens one SQLite file, and brings its schema to this version. One that was written by a newer version, or is damaged, is set
 * aside and told, and a new one is begun. Throws what SQLite throws where the file cannot be opened or written.
 */
export function openDatabase(path: string, notify: (notice: TidemarkError) => void): Database {
  try {
    return open(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    setAside(path, error, notify);
    return open(path);
  }
}

/** Whether the error says that the file itself is no good: waiting or more space will not mend it. */
export function isDamage(error: unknown): error is Error {
  if (error instanceof DamagedBlockError || error instanceof UnusableFileError) return true;
  return error instanceof SqliteDatabase.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);
}

/** Whether SQLite or the file system failed, and not the code that called them. */
export function isStorageFault(error: unknown): error is Error {
  return (
    isDamage(error) || error instanceof SqliteDatabase.SqliteError || (error instanceof Error && 'syscall' in error)
  );
}

/** Renames a file, which must be closed, to a name that tells when it was last written; nothing of it is deleted. */
export function setAside(path: string, why: Error, notify: (notice: TidemarkError) => void): void {
  const target = freeName(`${path}.${statSync(path).mtime.toISOString().replaceAll(':', '-')}`);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix);
  }
  const message = `The file ${path} cannot be used (${why.message}): it was set aside as ${target}, and a new one begun. Keep it if its history matters.`;
  notify(new TidemarkError('store.unusable', message, { path, target }, why));
}

function open(path: string): Database {
  // Also where somebody has removed it since the start.
  mkdirSync(dirname(path), { recursive: true });
  const database = new SqliteDatabase(path, { timeout: busyTimeoutMs });
  try {
    // Only a file without tables takes this; it lets `shrink` give space back without rewriting the file.
    database.pragma('auto_vacuum = INCREMENTAL');
    database.pragma('journal_mode = WAL');
    // In WAL mode a commit survives the death of the process; only a power cut may cost the last ones.
    database.pragma('synchronous = NORMAL');
    database.pragma('journal_size_limit = 16000000');
    // A cycle writes at the end of the tables; what a page asks for is in the system's cache. Beyond that it is only memory.
    database.pragma('cache_size = -4000');
    check(database, path);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function check(database: Database, path: string): void {
  const version = userVersion(database);
  if (version > migrations.length) {
    throw new UnusableFileError(
      `it was written by a newer version of tidemark: its schema is ${version}, this version knows ${migrations.length}`,
    );
  }
  if (statSync(path).size > checkedBytes) return;
  const fault = database.pragma('quick_check(1)', { simple: true });
  if (fault !== 'ok') throw new UnusableFileError(`it is damaged: ${fault}`);
}

function migrate(database: Database): void {
  const bring = database.transaction(() => {
    for (let version = userVersion(database); version < migrations.length; version++) {
      database.exec(migrations[version]!);
    }
    database.pragma(`user_version = ${migrations.length}`);
  });
  if (userVersion(database) < migrations.length) bring();
}

function userVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

function freeName(name: string): string {
  let free = name;
  for (let copy = 2; existsSync(free); copy++) free = `${name}.${copy}`;
  return free;
}
