import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ZERO, increased } from '../../../client/core/metrics.js';

test('counting leaves the earlier figures as they were', () => {
  assert.equal(increased(ZERO, 'gaps_total').gaps_total, 1);
  assert.equal(ZERO.gaps_total, 0);
});
