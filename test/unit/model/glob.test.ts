import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyGlobMatcher, globMatcher } from '../../../src/model/glob.ts';

const cases: [pattern: string, name: string, fits: boolean][] = [
  ['*', '', true],
  ['*', 'anything', true],
  ['orders', 'orders', true],
  ['orders', 'orders-2', false],
  ['orders', 'Orders', false],
  ['orders-*', 'orders-', true],
  ['orders-*', 'my-orders-1', false],
  ['*-orders', 'my-orders', true],
  ['a*b*c', 'axxbyyc', true],
  ['a*b*c', 'axxbyy', false],
  ['order?', 'orders', true],
  ['order?', 'order', false],
  ['a.b', 'axb', false],
  ['[ab]', 'a', false],
  ['[ab]', '[ab]', true],
  ['a|b', 'a', false],
  ['(*)', '(x)', true],
  ['*', 'two\nlines', true],
];

for (const [pattern, name, fits] of cases) {
  test(`${pattern} ${fits ? 'fits' : 'does not fit'} ${JSON.stringify(name)}`, () => {
    assert.equal(globMatcher(pattern)(name), fits);
  });
}

test('a pattern without wildcards fits itself and nothing else', () => {
  const literal = fc.string().filter((text) => !/[*?]/.test(text));
  fc.assert(fc.property(literal, fc.string(), (pattern, name) => globMatcher(pattern)(name) === (pattern === name)));
});

test('any name fits a pattern of its own beginning and a star', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (head, tail) =>
      globMatcher(`${head.replaceAll('*', '?')}*`)(`${head}${tail}`),
    ),
  );
});

test('one fitting pattern of several is enough, none fit nothing', () => {
  assert.equal(anyGlobMatcher(['a*', 'b*'])('bx'), true);
  assert.equal(anyGlobMatcher(['a*', 'b*'])('cx'), false);
  assert.equal(anyGlobMatcher([])('a'), false);
});
