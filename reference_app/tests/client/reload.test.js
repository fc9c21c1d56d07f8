import assert from 'node:assert/strict';
import { test } from 'node:test';

import { reloadIn } from '../../client/reload.js';

const NOW = 1_900_000_000_000;
const WHEN = { unixNow: NOW, random: 0.5, scale: 1 };

/** A tab's storage. @param {Record<string, string>} [kept] */
const storage = (kept = {}) => ({
  getItem: (/** @type {string} */ key) => kept[key] ?? null,
  setItem: (/** @type {string} */ key, /** @type {string} */ value) => void (kept[key] = value),
});

test('the first time, the page is loaded anew after five to ten seconds', () => {
  const waits = [0, 0.5, 0.999].map((random) => reloadIn(storage(), { ...WHEN, random }));

  assert.deepEqual(waits, [5000, 7500, 9995]);
});

test('the second time it is not, however often it is asked', () => {
  const tab = storage();
  reloadIn(tab, WHEN);

  assert.deepEqual([1, 60_000, 3_599_999].map((ms) => reloadIn(tab, { ...WHEN, unixNow: NOW + ms })), [null, null, null]);
});

test('another version an hour later is another matter', () => {
  const tab = storage();
  reloadIn(tab, WHEN);

  assert.equal(reloadIn(tab, { ...WHEN, unixNow: NOW + 3_600_000 }), 7500);
});

test('the wait is scaled', () => {
  assert.equal(reloadIn(storage(), { ...WHEN, scale: 0.1 }), 750);
});

test('without a storage to write it down it is not done', () => {
  const forbidden = () => {
    throw new DOMException('no storage here', 'SecurityError');
  };

  assert.equal(reloadIn({ getItem: forbidden, setItem: forbidden }, WHEN), null);
});
