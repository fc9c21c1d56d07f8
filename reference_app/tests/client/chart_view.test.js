import assert from 'node:assert/strict';
import { test } from 'node:test';

import { charted } from '../../client/chart_view.js';
import { NO_COURSE } from '../../client/figures_over_time.js';
import { languageOf } from '../../client/language.js';

const quiet = { successRate: null, reconnections: 0, streamErrors: 0, latency: null };

/**
 * @param {import('../../client/figures_over_time.js').Sample[]} samples
 * @param {string} [language]
 */
function charts(samples, language = 'en') {
  const drawn = charted({ ...NO_COURSE, samples }, 5000, languageOf([language]));
  return Object.fromEntries(drawn.map(({ id, path, words }) => [id, { path, words: words.replaceAll('\u00A0', ' ') }]));
}

test('says in words what is drawn', () => {
  const samples = [{ ...quiet, latency: 12, reconnections: 1 }, { ...quiet, latency: 40, successRate: 0.5 }];

  const words = Object.values(charts(samples)).map((chart) => chart.words);

  assert.deepEqual(words, [
    'Over the last 10 s: from 50% to 50%',
    'Over the last 10 s: 1',
    'Over the last 10 s: 0',
    'Over the last 10 s: from 12 ms to 40 ms',
  ]);
});

test('says it in the language of the reader', () => {
  const { words } = charts([{ ...quiet, latency: 1200 }], 'fr')['update-latency-chart'] ?? {};

  assert.match(words ?? '', /^Durant les dernières 5 s : de 1.200 ms à 1.200 ms$/);
});

test('says that there is nothing to draw', () => {
  assert.deepEqual(charts([quiet])['update-latency-chart'], { path: '', words: 'Nothing to draw yet' });
});

test('draws the slowest update at the upper edge, and a quick one not as if it were slow', () => {
  const latency = (/** @type {number[]} */ ...values) =>
    charts(values.map((value) => ({ ...quiet, latency: value })))['update-latency-chart']?.path;

  assert.equal(latency(0, 200), 'M118,28L120,0');
  assert.equal(latency(0, 5), 'M118,28L120,21');
});

test('draws one reconnection as a low bar', () => {
  assert.match(charts([{ ...quiet, reconnections: 1 }])['reconnections-chart']?.path ?? '', /V21h/);
});
