import assert from 'node:assert/strict';
import { test } from 'node:test';

import { options } from '../../../client/core/options.js';
import { initial } from '../../../client/core/state.js';

/** @param {import('../../../client/core/ladder.js').Rung[]} supported */
const begun = (...supported) => initial({ options: options(), client: 'c', supported, shown: null });

test('begins on the best rung that the browser has', () => {
  assert.deepEqual([begun('eventsource', 'websocket').rung, begun('eventsource').rung], ['websocket', 'eventsource']);
});

test('polling is always there', () => {
  assert.deepEqual(begun().supported, ['polling']);
});

test('knows nothing and plans nothing', () => {
  const state = begun('websocket');

  assert.deepEqual([state.connection, state.cursor.epoch, state.confirmedAt, state.timers], ['closed', null, null, {}]);
});
