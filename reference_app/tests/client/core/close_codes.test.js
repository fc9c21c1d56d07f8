import assert from 'node:assert/strict';
import { test } from 'node:test';

import { policy } from '../../../client/core/close_codes.js';

/** @type {[number | undefined, string][]} */
const GRID = [
  [undefined, 'retry'], [1000, 'spread'], [1001, 'spread'], [1002, 'blame'], [1003, 'blame'], [1006, 'retry'],
  [1007, 'blame'], [1009, 'blame'], [1011, 'retry'], [1012, 'spread'], [1013, 'spread'], [3000, 'retry'],
  [4400, 'terminal'], [4401, 'terminal'], [4403, 'terminal'], [4410, 'terminal'], [4429, 'spread'], [4999, 'retry'],
];

for (const [code, then] of GRID) {
  test(`${code ?? 'no code'} means: ${then}`, () => {
    assert.equal(policy(code), then);
  });
}
