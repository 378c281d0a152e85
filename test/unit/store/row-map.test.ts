import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { blockSize } from '../../../src/store/planes.ts';
import { RowMap } from '../../../src/store/row-map.ts';

/** IDs as the dictionary gives them: one a name, for ever. */
function idsByName() {
  const ids = new Map<string, number>();
  return (name: string) => {
    const id = ids.get(name) ?? 1 + ids.size;
    ids.set(name, id);
    return id;
  };
}

function sync(map: RowMap<string, null>, rows: (string | null)[], take: (name: string) => number): number[] {
  const alive = Uint8Array.from(rows, (name) => (name === null ? 0 : 1));
  return map.sync(rows.length, alive, { first: (row) => rows[row]!, second: () => null }, take);
}

test('a row that is used again for another gets another ID, and the old one is told', () => {
  const map = new RowMap<string, null>();
  const take = idsByName();
  assert.deepEqual(sync(map, ['a', 'b'], take), []);
  assert.deepEqual(sync(map, ['a', 'c'], take), [2]);
  assert.deepEqual([...map.ids.slice(0, 2)], [1, 3]);
});

test('what moves to another row within one cycle has not gone', () => {
  for (const [before, after] of [
    [
      ['a', null],
      [null, 'a'],
    ],
    [
      [null, 'a'],
      ['a', null],
    ],
  ] as const) {
    const map = new RowMap<string, null>();
    const take = idsByName();
    sync(map, [...before], take);
    assert.deepEqual(sync(map, [...after], take), []);
    assert.equal(map.rows[1], after.indexOf('a' as never));
    assert.deepEqual([...map.blocks()], [0]);
  }
});

test('after any changes the map says of each row and ID what the table says', () => {
  const names = fc.option(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e'));
  const tables = fc.array(fc.uniqueArray(names, { maxLength: 6, comparator: (a, b) => a !== null && a === b }));
  fc.assert(
    fc.property(tables, (cycles) => {
      const map = new RowMap<string, null>();
      const take = idsByName();
      let before: (string | null)[] = [];
      for (const rows of cycles) {
        const gone = sync(map, rows, take);
        const left = before.filter((name) => name !== null && !rows.includes(name)).map((name) => take(name!));
        assert.deepEqual(gone.toSorted(), left.toSorted());
        for (const [row, name] of rows.entries()) {
          assert.equal(map.ids[row], name === null ? 0 : take(name));
          if (name !== null) assert.equal(map.rows[take(name)], row);
        }
        const isUsed = rows.some((name) => name !== null);
        assert.equal(map.rowsOf(0)?.length, isUsed ? blockSize : undefined);
        before = rows;
      }
    }),
  );
});
