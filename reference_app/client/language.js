/**
 * The reader's language: the page's words, and numbers and times of day as they are written there. Pure but for the
 * time zone, which is the browser's.
 *
 * @import { Key, Template } from './words/en.js'
 */

import { EN } from './words/en.js';
import { FR } from './words/fr.js';

/** @type {ReadonlyMap<string | undefined, Readonly<Record<Key, Template>>>} by the language's part of a tag */
const WORDS = new Map([['en', EN], ['fr', FR]]);

export class Language {
  #words;
  #plural;
  #number;
  #percent;
  #time;

  /**
   * @param {string} tag BCP 47, such as `fr-CA`
   * @param {Readonly<Record<Key, Template>>} words
   */
  constructor(tag, words) {
    this.tag = tag;
    this.#words = words;
    this.#plural = new Intl.PluralRules(tag);
    this.#number = new Intl.NumberFormat(tag, { maximumFractionDigits: 1 });
    this.#percent = new Intl.NumberFormat(tag, { style: 'percent' });
    this.#time = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  }

  /**
   * @param {Key} key
   * @param {Readonly<Record<string, string | number>>} [values] what is filled in; `n` decides between one and many
   */
  say(key, values = {}) {
    const template = this.#words[key];
    const form = typeof template === 'string' ? template : template[this.#form(Number(values['n']))];
    return form.replace(/\{(\w+)\}/g, (_, name) => {
      const value = values[name] ?? '';
      return typeof value === 'number' ? this.number(value) : value;
    });
  }

  /** @param {number} n */
  #form(n) {
    return this.#plural.select(n) === 'one' ? 'one' : 'other';
  }

  /** @param {number} value */
  number(value) {
    return this.#number.format(value);
  }

  /** @param {number} ratio in [0, 1] */
  percent(ratio) {
    return this.#percent.format(ratio);
  }

  /** @param {number} ms */
  milliseconds(ms) {
    return this.#measure(Math.round(ms), 'ms');
  }

  /**
   * A length of time for people: as exact as matters.
   *
   * @param {number} ms
   */
  duration(ms) {
    if (ms < 100) return this.milliseconds(ms);
    const seconds = ms < 9_950 ? ms / 1000 : Math.round(ms / 1000);
    if (seconds < 60) return this.#measure(seconds, 's');
    const minutes = this.#measure(Math.floor(seconds / 60), 'min');
    return seconds % 60 === 0 ? minutes : `${minutes} ${this.#measure(seconds % 60, 's')}`;
  }

  /**
   * @param {number} value
   * @param {string} unit the same sign in every language; it stays on the number's line
   */
  #measure(value, unit) {
    return `${this.number(value)}\u00A0${unit}`;
  }

  /** @param {number} ms Unix time */
  timeOfDay(ms) {
    return this.#time.format(ms);
  }
}

/**
 * The first of the reader's languages that the page speaks; English if it speaks none.
 *
 * @param {readonly string[]} preferred tags, best first, as `navigator.languages` has them
 */
export function languageOf(preferred) {
  for (const tag of preferred) {
    const words = WORDS.get(tag.toLowerCase().split('-')[0]);
    if (words !== undefined) return new Language(tag, words);
  }
  return new Language('en-GB', EN);
}
