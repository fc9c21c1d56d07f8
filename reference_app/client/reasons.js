/**
 * The core gives its reasons in a word or a code; these are the reader's words for them. What only the server can know
 * it says itself, and that is shown as it is.
 *
 * @import { Language } from './language.js'
 * @import { Key } from './words/en.js'
 */

/** @type {Readonly<Record<string, Key>>} */
const STOPPED = {
  4400: 'stopped_4400', 4401: 'stopped_4401', 4403: 'stopped_4403', 4410: 'stopped_4410', version: 'stopped_version',
};

/** @type {Readonly<Record<string, Key>>} */
const WHYS = {
  too_many: 'why_too_many', no_answer: 'why_no_answer', not_sent: 'why_not_sent', refused: 'why_refused',
};

/**
 * Why the client has stopped for good.
 *
 * @param {string} why
 * @param {Language} language
 */
export const stopWords = (why, language) => inWords(STOPPED[why], why, language);

/**
 * Why a command was not carried out, as far as is known.
 *
 * @param {string} why
 * @param {Language} language
 */
export const whyWords = (why, language) => inWords(WHYS[why], why, language);

/**
 * @param {Key | undefined} key
 * @param {string} why
 * @param {Language} language
 */
function inWords(key, why, language) {
  return key === undefined ? why : language.say(key);
}
