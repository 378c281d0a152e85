import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeLabelValue, labelText } from '../../../src/metrics/labels.ts';
import { familyHeader, negotiateFormat } from '../../../src/metrics/text-format.ts';

const prometheus =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

describe('the format of an answer', () => {
  const cases = [
    { accept: undefined, format: 'text' },
    { accept: '*/*', format: 'text' },
    { accept: 'text/html,application/xhtml+xml', format: 'text' },
    { accept: prometheus, format: 'openmetrics' },
    { accept: 'text/plain;version=0.0.4, application/openmetrics-text;q=0.5', format: 'text' },
    { accept: 'application/openmetrics-text;q=0', format: 'text' },
    { accept: 'Application/OpenMetrics-Text', format: 'openmetrics' },
    { accept: 'application/openmetrics-text;q=1.2.3', format: 'text' },
  ] as const;
  for (const { accept, format } of cases) {
    it(`is ${format} for Accept: ${accept}`, () => assert.equal(negotiateFormat(accept), format));
  }
});

describe('headers of families', () => {
  it('name a counter with _total in text, and without it in OpenMetrics', () => {
    const family = { name: 'tidemark_x_total', type: 'counter', help: 'Some "x" \\ more\nlines' };
    const help = "Some 'x' \\\\ more\\nlines";
    assert.equal(familyHeader(family, 'text'), `# HELP tidemark_x_total ${help}\n# TYPE tidemark_x_total counter\n`);
    assert.equal(familyHeader(family, 'openmetrics'), `# HELP tidemark_x ${help}\n# TYPE tidemark_x counter\n`);
  });
});

describe('labels', () => {
  it('escape backslash, quote and line feed, and nothing else', () => {
    assert.equal(escapeLabelValue('a\\b"c\nd\té{}'), 'a\\\\b\\"c\\nd\té{}');
  });

  it('without a value are left out', () => {
    assert.equal(labelText({ a: 'x', b: null, c: undefined, d: '', e: 0 }), ',a="x",e="0"');
  });
});
