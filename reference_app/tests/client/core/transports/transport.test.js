import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RUNGS } from '../../../../client/core/ladder.js';
import { TRANSPORTS } from '../../../../client/core/transports/transport.js';

test('every rung has its transport', () => {
  assert.deepEqual(Object.keys(TRANSPORTS), RUNGS);
});

test('a browser without anything still polls', () => {
  assert.deepEqual(RUNGS.filter((rung) => TRANSPORTS[rung].isSupported({})), ['polling']);
});
