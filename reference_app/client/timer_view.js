/**
 * The page: writes what the client knows into the document, and reads what people press. Touches only what differs.
 *
 * @import { display, figures } from './display.js'
 * @import { Line } from './console_lines.js'
 * @import { Command } from './core/state.js'
 * @import { EventBody } from './messages.js'
 */

import { eventWords } from './display.js';

const LOG_LIMIT = 50;
const WAITING = { pending: 'waiting …', done: 'done', failed: 'failed', unknown: 'not known' };

/** @type {Readonly<Record<string, string>>} */
const WHYS = {
  too_many: 'too many commands are waiting',
  not_sent: 'it could not be sent',
  no_answer: 'no answer; it may have been carried out',
};

export class TimerView {
  /** @type {readonly unknown[]} */
  #events = [];
  /** @type {readonly unknown[]} */
  #commands = [];
  /** @type {WeakMap<EventBody, HTMLElement>} */
  #items = new WeakMap();

  /**
   * @param {Document} document
   * @param {(name: string, args: Record<string, unknown>) => void} command called for what people ask for
   */
  constructor(document, command) {
    this.document = document;
    for (const button of document.querySelectorAll('button[data-command]')) {
      button.addEventListener('click', () => this.#press(/** @type {HTMLElement} */ (button), command));
    }
    this.#element('note-form').addEventListener('submit', (event) => this.#submitNote(event, command));
    this.#element('reload').addEventListener('click', () => document.location.reload());
  }

  /** @param {ReturnType<typeof display>} shown */
  render(shown) {
    this.#renderEvidence(shown);
    this.#renderTimer(shown);
    this.#text('round', String(shown.game.round));
    this.#text('home', String(shown.game.score.home));
    this.#text('away', String(shown.game.score.away));
    this.#renderEvents(shown.events);
    this.#renderCommands(shown.commands);
    this.#element('banner').hidden = shown.terminal === null;
    this.#text('banner-text', shown.terminal ?? '');
  }

  /** @param {ReturnType<typeof figures>} metrics */
  renderFigures(metrics) {
    const { sse_success_rate: rate, update_latency_ms: latency, stream_errors: errors } = metrics;
    const total = Object.values(errors).reduce((sum, n) => sum + n, 0);
    this.#text('sse-success-rate', rate === null ? 'not used yet' : `${Math.round(rate * 100)} %`);
    this.#text('reconnections', String(metrics.reconnect_count));
    this.#text('stream-errors', String(total));
    this.#text('update-latency', latency.median === null ? 'not measured yet' : `${Math.round(latency.median)} ms`);
  }

  /**
   * @param {Line} line
   * @param {Date} at
   */
  log({ words }, at) {
    if (words === '') return;
    const log = this.#element('log');
    log.prepend(this.#item(words, at));
    while (log.childElementCount > LOG_LIMIT) log.lastElementChild?.remove();
  }

  /** @param {ReturnType<typeof display>} shown */
  #renderEvidence(shown) {
    const evidence = {
      'data-state': shown.phase, 'data-remaining-ms': shown.remainingMs, 'data-stale': shown.freshness,
      'data-transport': shown.transport, 'data-connection': shown.connection, 'data-epoch': shown.epoch,
      'data-seq': shown.seq, 'data-age-ms': shown.ageMs ?? '', 'data-round': shown.game.round,
      'data-home': shown.game.score.home, 'data-away': shown.game.score.away,
    };
    const timer = this.#element('timer');
    for (const [name, value] of Object.entries(evidence)) attribute(timer, name, String(value));
  }

  /** @param {ReturnType<typeof display>} shown */
  #renderTimer(shown) {
    this.#text('remaining', shown.epoch === '' ? '--:--' : shown.remainingText);
    this.#text('phase', shown.phaseWords);
    this.#text('stale', shown.staleWords);
    this.#text('connection', shown.connectionWords);
    attribute(this.#element('connection'), 'data-tone', shown.tone);
    for (const button of this.document.querySelectorAll('button[data-phase]')) {
      // not `disabled`: that would take the keyboard's focus away from who has just pressed it
      attribute(button, 'aria-disabled', String(button.getAttribute('data-phase') !== shown.phase));
    }
  }

  /** @param {readonly EventBody[]} events oldest first */
  #renderEvents(events) {
    if (events === this.#events) return;
    this.#events = events;
    const items = events.map((event) => this.#items.get(event) ?? this.#eventItem(event));
    this.#element('events').replaceChildren(...items.reverse());
  }

  /** @param {EventBody} event */
  #eventItem(event) {
    const item = this.#item(eventWords(event), new Date(event.at_ms));
    item.dataset['seq'] = String(event.seq);
    item.dataset['name'] = event.name;
    this.#items.set(event, item);
    return item;
  }

  /** @param {readonly Command[]} commands oldest first */
  #renderCommands(commands) {
    if (commands === this.#commands) return;
    this.#commands = commands;
    this.#element('commands').replaceChildren(...commands.map((command) => this.#commandItem(command)).reverse());
  }

  /** @param {Command} command */
  #commandItem({ id, name, state, why }) {
    const item = this.document.createElement('li');
    Object.assign(item.dataset, { commandId: id, commandName: name, commandState: state });
    const words = name.replace('_', ' ');
    item.textContent = `${words}: ${WAITING[state]}${why === undefined ? '' : ` (${WHYS[why] ?? why})`}`;
    return item;
  }

  /**
   * @param {string} words
   * @param {Date} at
   */
  #item(words, at) {
    const item = this.document.createElement('li');
    const time = this.document.createElement('time');
    time.textContent = at.toLocaleTimeString('en-GB');
    time.dateTime = at.toISOString();
    const text = this.document.createElement('span');
    text.textContent = words;
    item.append(time, text);
    return item;
  }

  /**
   * @param {HTMLElement} button
   * @param {(name: string, args: Record<string, unknown>) => void} command
   */
  #press(button, command) {
    if (button.getAttribute('aria-disabled') === 'true') return;
    const { command: name = '', team } = button.dataset;
    command(name, team === undefined ? {} : { team, points: 1 });
  }

  /**
   * @param {Event} event
   * @param {(name: string, args: Record<string, unknown>) => void} command
   */
  #submitNote(event, command) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (this.#element('note'));
    const text = field.value.trim();
    if (text !== '') command('note', { text });
    field.value = '';
  }

  /**
   * @param {string} id
   * @param {string} text
   */
  #text(id, text) {
    const element = this.#element(id);
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {string} id */
  #element(id) {
    const element = this.document.getElementById(id);
    if (element === null) throw new Error(`the page has no element with id "${id}"`);
    return element;
  }
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
function attribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
