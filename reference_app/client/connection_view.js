/**
 * The connection on the page: the four figures with their charts, what it went through, and a word of advice.
 *
 * @import { ConnectionLog, Entry } from './connection_log.js'
 * @import { figures } from './display.js'
 * @import { Course } from './figures_over_time.js'
 * @import { Language } from './language.js'
 */

import { charted } from './chart_view.js';
import { attribute, element, entry, text } from './elements.js';
import { entryWords } from './entry_words.js';
import { streamErrors } from './figures_over_time.js';
import { arrange } from './lists.js';

export class ConnectionView {
  /** @type {readonly Entry[]} */
  #entries = [];
  /** @type {Course['samples']} */
  #samples = [];
  /** @type {WeakMap<Entry, HTMLElement>} */
  #items = new WeakMap();

  /**
   * @param {Document} document
   * @param {Language} language of the reader
   */
  constructor(document, language) {
    this.document = document;
    this.language = language;
  }

  /** @param {ReturnType<typeof figures>} metrics */
  renderFigures(metrics) {
    const { document, language } = this;
    const { sse_success_rate: rate, update_latency_ms: latency } = metrics;
    const [notUsed, notMeasured] = [language.say('not_used'), language.say('not_measured')];
    text(document, 'sse-success-rate', rate === null ? notUsed : language.percent(rate));
    text(document, 'reconnections', language.number(metrics.reconnect_count));
    text(document, 'stream-errors', language.number(streamErrors(metrics)));
    text(document, 'update-latency', latency.median === null ? notMeasured : language.milliseconds(latency.median));
  }

  /**
   * @param {Course} course
   * @param {number} every ms between samples
   */
  renderCharts(course, every) {
    if (course.samples === this.#samples) return;
    this.#samples = course.samples;
    for (const { id, path, words } of charted(course, every, this.language)) {
      attribute(element(this.document, `${id}-path`), 'd', path);
      attribute(element(this.document, id), 'aria-label', words);
    }
  }

  /** @param {ConnectionLog} log */
  renderLog({ entries, unanswered }) {
    const { document, language } = this;
    text(document, 'hint', unanswered ? language.say('unanswered') : '');
    if (entries === this.#entries) return;
    this.#entries = entries;
    arrange(element(document, 'log'), entries.map((each) => this.#items.get(each) ?? this.#item(each)));
  }

  /** @param {Entry} told */
  #item(told) {
    const { document, language } = this;
    const item = entry(document, language.timeOfDay(told.at), told.at, entryWords(told, language));
    item.dataset['what'] = told.what;
    this.#items.set(told, item);
    return item;
  }
}
