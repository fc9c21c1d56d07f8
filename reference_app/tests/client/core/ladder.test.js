import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NAMES, RUNGS, TRANSITIONS, above, afterSpent, isBetter } from '../../../client/core/ladder.js';

test('every rung has a name and a transition', () => {
  assert.deepEqual(Object.keys(NAMES), RUNGS);
  assert.deepEqual(Object.keys(TRANSITIONS), RUNGS);
});

test('spent budgets lead through every rung and back to the top', () => {
  const path = RUNGS.map((rung) => afterSpent(rung, RUNGS));

  assert.deepEqual(path, ['eventsource', 'polling', 'websocket']);
});

test('rungs that the browser lacks are passed over', () => {
  assert.equal(afterSpent('websocket', ['websocket', 'polling']), 'polling');
});

test('the only rung follows itself', () => {
  assert.equal(afterSpent('polling', ['polling']), 'polling');
});

test('the better rungs come best first', () => {
  assert.deepEqual(above('polling', RUNGS), ['websocket', 'eventsource']);
  assert.deepEqual(above('websocket', RUNGS), []);
});

test('no rung is better than itself', () => {
  assert.deepEqual(RUNGS.map((rung) => isBetter(rung, rung)), [false, false, false]);
});
