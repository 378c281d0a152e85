import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAddress, parseAddress } from '../../../src/kafka/wire/address.ts';
import { TidemarkError } from '../../../src/model/errors.ts';

for (const text of ['localhost:9092', 'kafka-1.example:19092', '10.0.0.1:1', '[::1]:9092']) {
  test(`${text} is an address`, () => assert.equal(formatAddress(parseAddress(` ${text} `)), text));
}

for (const text of [
  '',
  'localhost',
  ':9092',
  'localhost:',
  'localhost:0',
  'localhost:65536',
  'a:b:1',
  'PLAINTEXT://a:1',
]) {
  test(`"${text}" is none, and the sentence says what to write`, () => {
    assert.throws(
      () => parseAddress(text),
      (error) => error instanceof TidemarkError && error.code === 'config.invalid' && /host:port/.test(error.message),
    );
  });
}
