import assert from 'node:assert/strict';
import { test } from 'node:test';

import { timer } from '../../client/timer.js';

const [IDLE, LONGER] = [60_000, 90_000].map((ms) => ({ phase: 'idle', duration_ms: ms, remaining_ms: ms }));
const SHOWN = { ...timer.initial, timer: /** @type {import('../../client/messages.js').Timer} */ (IDLE) };

test('a heartbeat that names the timer that is shown agrees with it', () => {
  assert.equal(timer.agrees(SHOWN, { timer: { ...IDLE } }), true);
});

test('a heartbeat that names another timer contradicts it', () => {
  assert.equal(timer.agrees(SHOWN, { timer: LONGER }), false);
});
