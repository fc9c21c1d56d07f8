/**
 * An entry of the connection's log in plain words: "WebSocket lost (1006), back after 1.2 s, nothing missed". Pure.
 *
 * @import { Back, Entry } from './connection_log.js'
 * @import { Language } from './language.js'
 * @import { Key } from './words/en.js'
 */

import { NAMES } from './core/ladder.js';

/** @type {Readonly<Record<string, Key>>} the client's reasons that are worth a word */
const REASONS = {
  timeout: 'reason_timeout',
  silent: 'reason_silent',
  malformed: 'reason_malformed',
  useless: 'reason_useless',
  refused: 'reason_refused',
  gap: 'reason_gap',
  epoch: 'reason_epoch',
};

/**
 * @param {Entry} entry
 * @param {Language} language
 */
export function entryWords(entry, language) {
  const values = { name: NAMES[entry.rung], to: NAMES[entry.to], n: entry.count };
  switch (entry.what) {
    case 'start': return startWords(entry, language);
    case 'lost': return [lostWords(entry, language), ...endWords(entry, language)].join(', ');
    case 'silent': return [language.say('log_silent', values), ...endWords(entry, language)].join(', ');
    case 'paused': return language.say('log_pause', { time: language.duration(entry.ms ?? 0) });
    case 'gap': return [language.say('log_gap'), ...gapWords(entry, language)].join(', ');
    default: return language.say(`log_${entry.what}`, values);
  }
}

/**
 * @param {Entry} entry
 * @param {Language} language
 */
function startWords({ rung, count, back }, language) {
  const attempts = count === 0 ? [] : [language.say('log_attempts', { n: count })];
  if (!back) return [language.say('log_start', { name: NAMES[rung] }), ...attempts].join(', ');
  const connected = language.say('log_connected', { name: NAMES[back.rung] });
  const after = language.say('log_after', { time: language.duration(back.ms) });
  return [`${connected} ${after}`, ...attempts, ...missedWords(back, language)].join(', ');
}

/**
 * @param {Entry} entry
 * @param {Language} language
 */
function lostWords({ rung, reason = '', code, status }, language) {
  const key = REASONS[reason];
  const why = code ?? status ?? (key === undefined ? undefined : language.say(key));
  const name = NAMES[rung];
  // a code is a name, not a number: it is written without separators
  return why === undefined ? language.say('log_lost', { name }) : language.say('log_lost_why', { name, why: `${why}` });
}

/**
 * @param {Entry} entry
 * @param {Language} language
 */
function endWords({ rung, count, back }, language) {
  const attempts = count === 0 ? [] : [language.say('log_attempts', { n: count })];
  if (back === undefined) return [language.say('log_trying'), ...attempts];
  if (back === null) return attempts;
  const key = back.rung === rung ? 'log_back' : 'log_back_over';
  const ending = language.say(key, { name: NAMES[back.rung], time: language.duration(back.ms) });
  return [...attempts, ending, ...missedWords(back, language)];
}

/**
 * @param {Entry} entry
 * @param {Language} language
 */
function gapWords({ back }, language) {
  if (back === null) return [];
  if (back === undefined) return [language.say('log_catching_up')];
  return [language.say('log_caught_up', { time: language.duration(back.ms) })];
}

/**
 * @param {Back} back
 * @param {Language} language
 */
function missedWords({ missed, anew }, language) {
  if (anew) return [language.say('log_anew')];
  if (missed === null) return [];
  return [missed === 0 ? language.say('log_none_missed') : language.say('log_missed', { n: missed })];
}
