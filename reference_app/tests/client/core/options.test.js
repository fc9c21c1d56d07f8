import assert from 'node:assert/strict';
import { test } from 'node:test';

import { options } from '../../../client/core/options.js';

test('one factor scales the times of the protocol', () => {
  const { base, cap, liveness, tick } = options(0.1);

  assert.deepEqual([base, cap, liveness, tick], [50, 2000, 500, 100]);
});

test('counts and times of the outside world have no scale', () => {
  const { budgets, malformedLimit, retryAfterCap } = options(0.1);

  assert.deepEqual([budgets, malformedLimit, retryAfterCap], [options().budgets, 3, 60_000]);
});

test('overrides are final', () => {
  assert.equal(options(0.1, { base: 7 }).base, 7);
});

for (const scale of [0, -1, NaN, Infinity]) {
  test(`a scale of ${scale} is refused`, () => {
    assert.throws(() => options(scale), new RangeError(`scale must be above 0, not ${scale}`));
  });
}

test('data goes stale before its link is given up, and a gap before that', () => {
  const { doubtAfter, staleAfter, liveness } = options();

  assert.ok(doubtAfter < staleAfter && staleAfter < liveness);
});
