import assert from 'node:assert/strict';
import { test } from 'node:test';

import { retryAfter } from '../../../client/core/retry_after.js';

const NOW = Date.UTC(2030, 0, 1, 12, 0, 0);

/** @type {[string, string | null, number][]} */
const GRID = [
  ['no header', null, 0],
  ['seconds', '5', 5000],
  ['seconds with blanks', ' 5 ', 5000],
  ['more than the cap', '3600', 60_000],
  ['a date to come', 'Tue, 01 Jan 2030 12:00:10 GMT', 10_000],
  ['a date gone by', 'Tue, 01 Jan 2030 11:59:00 GMT', 0],
  ['a date beyond the cap', 'Wed, 02 Jan 2030 12:00:00 GMT', 60_000],
  ['nonsense', 'soon', 0],
  ['the empty header', '', 0],
];

for (const [what, header, ms] of GRID) {
  test(`${what} means ${ms} ms`, () => {
    assert.equal(retryAfter(header, NOW, 60_000), ms);
  });
}
