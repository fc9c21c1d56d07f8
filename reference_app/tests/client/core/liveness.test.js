import assert from 'node:assert/strict';
import { test } from 'node:test';

import { freshness, heldUp, staleFrom } from '../../../client/core/liveness.js';

const LIMITS = { staleAfter: 3000, doubtAfter: 1000, liveness: 5000, lateBy: 500 };

/** @type {[string, number | null, number | null, string][]} what, confirmed and doubted this many ms ago, verdict */
const GRID = [
  ['nothing was ever heard', null, null, 'offline'],
  ['just confirmed', 0, null, 'fresh'],
  ['confirmed within the limit', 3000, null, 'fresh'],
  ['confirmed before the limit', 3001, null, 'stale'],
  ['confirmed before the liveness limit', 5001, null, 'offline'],
  ['a young gap', 0, 1000, 'fresh'],
  ['an old gap', 0, 1001, 'stale'],
];

for (const [what, confirmed, doubted, expected] of GRID) {
  test(`${what} is ${expected}`, () => {
    const seen = {
      now: 100_000,
      confirmedAt: confirmed === null ? null : 100_000 - confirmed,
      doubtSince: doubted === null ? null : 100_000 - doubted,
    };

    assert.equal(freshness(seen, LIMITS), expected);
  });
}

test('data is stale from the earlier of its two limits', () => {
  assert.equal(staleFrom({ confirmedAt: 5000, doubtSince: null }, LIMITS), 8000);
  assert.equal(staleFrom({ confirmedAt: 5000, doubtSince: 5500 }, LIMITS), 6500);
});

test('a timer that fires on time is believed', () => {
  assert.equal(heldUp({ now: 1500, due: 1000 }, LIMITS), false);
});

test('a timer that fires late is not believed', () => {
  assert.equal(heldUp({ now: 1501, due: 1000 }, LIMITS), true);
});
