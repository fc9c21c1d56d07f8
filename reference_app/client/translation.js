/**
 * Puts the reader's language into the page, which is written in English. `data-words` names the words of an element,
 * `data-words-on` those of its attributes: `placeholder:note_hint`.
 *
 * @import { Language } from './language.js'
 * @import { Key } from './words/en.js'
 */

/**
 * @param {Document} document
 * @param {Language} language
 */
export function translate(document, language) {
  document.documentElement.lang = language.tag;
  for (const element of document.querySelectorAll('[data-words]')) {
    const words = language.say(/** @type {Key} */ (element.getAttribute('data-words')));
    if (element.textContent !== words) element.textContent = words;
  }
  for (const element of document.querySelectorAll('[data-words-on]')) {
    for (const pair of (element.getAttribute('data-words-on') ?? '').split(' ')) {
      const [attribute = '', key] = pair.split(':');
      const words = language.say(/** @type {Key} */ (key));
      if (element.getAttribute(attribute) !== words) element.setAttribute(attribute, words);
    }
  }
}
