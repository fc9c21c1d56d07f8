import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { remaining } from '../../client/time_left.js';

describe('what is left', () => {
  test('of a running timer is up to its deadline', () => {
    assert.equal(remaining({ deadline_ms: 5000 }, 3000), 2000);
  });

  test('is never below zero', () => {
    assert.equal(remaining({ deadline_ms: 5000 }, 9000), 0);
  });

  test('of a timer that stands still is what it says', () => {
    assert.equal(remaining({ remaining_ms: 700 }, 9000), 700);
  });
});
