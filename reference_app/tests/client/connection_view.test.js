import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NOTHING_YET } from '../../client/connection_log.js';
import { ConnectionView } from '../../client/connection_view.js';
import { figures } from '../../client/display.js';
import { NO_COURSE } from '../../client/figures_over_time.js';
import { languageOf } from '../../client/language.js';
import { Conversation } from './core/conversation.js';
import { FakeDocument } from './fake_document.js';

/** @typedef {import('../../client/connection_log.js').Entry} Entry */

const sample = { successRate: 1, reconnections: 2, streamErrors: 0, latency: 5 };

/** @param {string} language */
function shown(language = 'en-GB') {
  const document = new FakeDocument();
  const view = new ConnectionView(/** @type {any} */ (document), languageOf([language]));
  /** @param {string} id */
  const element = (id) => document.getElementById(id) ?? assert.fail(`the page has no #${id}`);
  return { view, element };
}

/**
 * @param {Partial<Entry>} fields
 * @returns {Entry}
 */
function entry(fields) {
  return { what: 'climbed', at: 0, since: 0, rung: 'websocket', to: 'websocket', count: 0, ...fields };
}

/** @param {string} language */
function figuresIn(language) {
  const { view, element } = shown(language);
  const { state, now } = new Conversation();
  const metrics = { ...state.metrics, sse_attempts: 4, sse_successes: 3, stream_errors: { a: 1, b: 2 } };
  view.renderFigures(figures({ ...state, metrics }, now));
  const ids = ['sse-success-rate', 'reconnections', 'stream-errors', 'update-latency'];
  return ids.map((id) => element(id).text.replaceAll('\u00A0', ' '));
}

test('shows the figures as text', () => {
  assert.deepEqual(figuresIn('en'), ['75%', '0', '3', 'not measured yet']);
});

test('shows the figures in the language of the reader', () => {
  assert.deepEqual(figuresIn('fr'), ['75 %', '0', '3', 'pas encore mesuré']);
});

test('draws the charts, and says what they show', () => {
  const { view, element } = shown();

  view.renderCharts({ ...NO_COURSE, samples: [sample] }, 5000);

  assert.notEqual(element('update-latency-chart-path').getAttribute('d'), '');
  assert.match(element('reconnections-chart').getAttribute('aria-label') ?? '', /: 2$/);
});

test('draws nothing twice', () => {
  const { view, element } = shown();
  const course = { ...NO_COURSE, samples: [sample] };
  view.renderCharts(course, 5000);
  element('update-latency-chart-path').setAttribute('d', 'untouched');

  view.renderCharts({ ...course, due: 1 }, 5000);

  assert.equal(element('update-latency-chart-path').getAttribute('d'), 'untouched');
});

test('lists what the connection went through, with the time', () => {
  const { view, element } = shown();
  const at = new Date(2026, 0, 1, 10, 32, 5).getTime();

  view.renderLog({ ...NOTHING_YET, entries: [entry({ at }), entry({ what: 'start', rung: 'polling' })] });

  const [newest, oldest] = element('log').children;
  assert.equal(newest?.text, '10:32:05 Back on WebSocket');
  assert.match(oldest?.text ?? '', /Connecting over HTTP polling$/);
});

test('keeps the items of entries that stay', () => {
  const { view, element } = shown();
  const [old, told] = [entry({ what: 'start' }), entry({ what: 'lost' })];
  view.renderLog({ ...NOTHING_YET, entries: [told, old] });
  const [, kept] = element('log').children;

  view.renderLog({ ...NOTHING_YET, entries: [{ ...told, count: 1 }, old] });

  assert.equal(element('log').children[1], kept);
  assert.match(element('log').children[0]?.text ?? '', /1 attempt/);
});

test('gives advice when the server does not answer, and takes it back', () => {
  const { view, element } = shown('fr');
  view.renderLog({ ...NOTHING_YET, unanswered: true });
  assert.match(element('hint').text, /onglets/);

  view.renderLog(NOTHING_YET);

  assert.equal(element('hint').text, '');
});
