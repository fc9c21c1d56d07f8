import assert from 'node:assert/strict';
import { test } from 'node:test';

import { BROWSER, newId, supported } from '../../../client/core/browser.js';

test('the clock is in Unix ms', () => {
  assert.ok(Math.abs(BROWSER.now() - BROWSER.unixNow()) < 60_000);
});

test('a timer that was cleared does not fire', async () => {
  const fired = /** @type {string[]} */ ([]);
  BROWSER.clearTimeout(BROWSER.setTimeout(() => fired.push('cleared'), 1));
  await new Promise((done) => {
    BROWSER.setTimeout(() => done(fired.push('left')), 2);
  });

  assert.deepEqual(fired, ['left']);
});

test('each id is another one, of 128 bits', () => {
  const ids = [newId(), newId()];

  assert.notEqual(ids[0], ids[1]);
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
});

test('polling is always there', () => {
  assert.ok(supported().includes('polling'));
});
