import { initial } from './001-initial.ts';
import { stateChanges } from './002-state-changes.ts';
import { clock } from './003-clock.ts';

/** One SQL script a version, in order: a file whose user_version is n has had the first n. Never change one that was released. */
export const migrations: readonly string[] = [initial, stateChanges, clock];
