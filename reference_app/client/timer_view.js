/**
 * The timer, the game and what people ask for: writes what the client knows into the document, and reads what is
 * pressed. Touches only what differs.
 *
 * @import { display } from './display.js'
 * @import { Command } from './core/state.js'
 * @import { EventBody } from './messages.js'
 * @import { Key } from './words/en.js'
 */

import { eventWords } from './display.js';
import { attribute, element, entry, hide, text } from './elements.js';
import { languageOf } from './language.js';
import { arrange } from './lists.js';
import { whyWords } from './reasons.js';

const TOLD = ['adjusted', 'round_started', 'scored', 'noted']; // of the others the timer's state speaks

/** @type {Readonly<Record<string, Key>>} */
const COMMANDS = {
  start: 'start', pause: 'pause', resume: 'resume', reset: 'reset', adjust: 'command_adjust', score: 'command_score',
  start_round: 'start_round', note: 'note',
};

export class TimerView {
  /** @type {readonly EventBody[]} */
  #events = [];
  /** @type {readonly Command[]} */
  #commands = [];
  /** @type {WeakMap<EventBody | Command, HTMLElement>} */
  #items = new WeakMap();

  /**
   * @param {Document} document
   * @param {(name: string, args: Record<string, unknown>) => void} command called for what people ask for
   * @param {import('./language.js').Language} [language] of the reader
   */
  constructor(document, command, language = languageOf([])) {
    this.document = document;
    this.language = language;
    for (const button of document.querySelectorAll('button[data-command]')) {
      button.addEventListener('click', () => press(/** @type {HTMLElement} */ (button), command));
    }
    element(document, 'note-form').addEventListener('submit', (event) => this.#submitNote(event, command));
    element(document, 'reload').addEventListener('click', () => document.location.reload());
  }

  /** @param {ReturnType<typeof display>} shown */
  render(shown) {
    const { document } = this;
    this.#renderEvidence(shown);
    this.#renderTimer(shown);
    text(document, 'round', this.language.number(shown.game.round));
    text(document, 'home', this.language.number(shown.game.score.home));
    text(document, 'away', this.language.number(shown.game.score.away));
    this.#renderEvents(shown.events);
    this.#renderCommands(shown.commands);
    text(document, 'banner-text', shown.terminal ?? '');
    hide(element(document, 'banner'), shown.terminal === null);
  }

  /** @param {ReturnType<typeof display>} shown */
  #renderEvidence(shown) {
    const evidence = {
      'data-state': shown.phase, 'data-remaining-ms': shown.remainingMs, 'data-stale': shown.freshness,
      'data-transport': shown.transport, 'data-connection': shown.connection, 'data-epoch': shown.epoch,
      'data-seq': shown.seq, 'data-age-ms': shown.ageMs ?? '', 'data-round': shown.game.round,
      'data-home': shown.game.score.home, 'data-away': shown.game.score.away,
    };
    const timer = element(this.document, 'timer');
    for (const [name, value] of Object.entries(evidence)) attribute(timer, name, String(value));
  }

  /** @param {ReturnType<typeof display>} shown */
  #renderTimer(shown) {
    const { document } = this;
    const remaining = shown.epoch === '' ? '--:--' : shown.remainingText;
    text(document, 'remaining', remaining);
    attribute(element(document, 'remaining'), 'style', `--characters: ${remaining.length}`); // it fills its place
    text(document, 'phase', shown.phaseWords);
    text(document, 'stale', shown.staleWords);
    text(document, 'connection', shown.connectionWords);
    attribute(element(document, 'connection'), 'data-tone', shown.tone);
    for (const button of document.querySelectorAll('button[data-phase]')) {
      // not `disabled`: that would take the keyboard's focus away from who has just pressed it
      attribute(button, 'aria-disabled', String(button.getAttribute('data-phase') !== shown.phase));
    }
  }

  /** @param {readonly EventBody[]} events oldest first */
  #renderEvents(events) {
    if (events === this.#events) return;
    const [before, newest] = [this.#events.at(-1), events.at(-1)];
    this.#events = events;
    const items = events.map((event) => this.#items.get(event) ?? this.#eventItem(event));
    arrange(element(this.document, 'events'), items.reverse());
    const next = before !== undefined && newest?.seq === before.seq + 1; // not the list of a whole match
    if (next && TOLD.includes(newest.name)) this.#announce(eventWords(newest, this.language));
  }

  /** @param {EventBody} event */
  #eventItem(event) {
    const { document, language } = this;
    const item = entry(document, language.timeOfDay(event.at_ms), event.at_ms, eventWords(event, language));
    item.dataset['seq'] = String(event.seq);
    item.dataset['name'] = event.name;
    this.#items.set(event, item);
    return item;
  }

  /** @param {readonly Command[]} commands oldest first */
  #renderCommands(commands) {
    if (commands === this.#commands) return;
    const settled = commands.filter((each) => isBad(each) && !this.#commands.includes(each)).at(-1);
    this.#commands = commands;
    const items = commands.map((command) => this.#items.get(command) ?? this.#commandItem(command));
    arrange(element(this.document, 'commands'), items.reverse());
    if (settled !== undefined) this.#announce(this.#commandWords(settled));
  }

  /** @param {Command} command */
  #commandItem(command) {
    const item = this.document.createElement('li');
    Object.assign(item.dataset, {
      commandId: command.id, commandName: command.name, commandState: command.state,
    });
    item.textContent = this.#commandWords(command);
    this.#items.set(command, item);
    return item;
  }

  /** @param {Command} command */
  #commandWords({ name, state, why }) {
    const key = COMMANDS[name];
    const { language } = this;
    const words = { command: key === undefined ? name : language.say(key), outcome: language.say(`command_${state}`) };
    if (why === undefined) return language.say('command', words);
    return language.say('command_why', { ...words, why: whyWords(why, language) });
  }

  /**
   * Says something to who hears the page instead of seeing it, when there is a pause.
   *
   * @param {string} words
   */
  #announce(words) {
    text(this.document, 'announcement', words);
  }

  /**
   * @param {Event} event
   * @param {(name: string, args: Record<string, unknown>) => void} command
   */
  #submitNote(event, command) {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (element(this.document, 'note'));
    const note = field.value.trim();
    if (note !== '') command('note', { text: note });
    field.value = '';
  }
}

/** @param {Command} command */
function isBad({ state }) {
  return state === 'failed' || state === 'unknown';
}

/**
 * @param {HTMLElement} button
 * @param {(name: string, args: Record<string, unknown>) => void} command
 */
function press(button, command) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  const { command: name = '', team } = button.dataset;
  command(name, team === undefined ? {} : { team, points: 1 });
}
