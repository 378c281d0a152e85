import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '../../../src/evaluators/index.ts';
import { codeWords, lintCodes, lossCodes } from '../../../web/model/codes.ts';
import { leftBehindCodes } from '../../../web/model/left-behind.ts';

const codes = new Map<string, string>(rules.map(({ code, severity }) => [code, severity]));

for (const code of codes.keys()) {
  test(`${code} has words that go on after its subject`, () => {
    assert.match(codeWords(code), /^(is|are|has|will|does|cannot|hides|commits|rebalances) \S/);
  });
}

test('a code that the page does not know reads as it is spelled', () => {
  assert.equal(codeWords('not-known-yet'), 'not known yet');
});

test('the page sets apart only codes that exist, and only infos as lists of their own', () => {
  for (const code of lossCodes) assert.ok(codes.has(code), code);
  for (const code of [...lintCodes, ...leftBehindCodes]) assert.equal(codes.get(code), 'info', code);
});
