import assert from 'node:assert/strict';
import { test } from 'node:test';

import { languageOf } from '../../client/language.js';
import { translate } from '../../client/translation.js';
import { FakeDocument } from './fake_document.js';

/** @param {string} language */
function translated(language) {
  const document = new FakeDocument();
  translate(/** @type {any} */ (document), languageOf([language]));
  return document;
}

test('puts the words into the page', () => {
  const document = translated('fr-CA');

  assert.equal(document.documentElement.lang, 'fr-CA');
  assert.equal(document.getElementById('events-title')?.text, 'Événements');
  assert.equal(document.getElementById('reload')?.text, 'Recharger la page');
});

test('puts the words into attributes', () => {
  const document = translated('fr');

  assert.equal(document.getElementById('note')?.getAttribute('placeholder'), 'Que s’est-il passé ?');
  assert.equal(document.getElementById('remaining')?.getAttribute('aria-label'), 'Temps restant');
});

test('leaves no English word in the page', () => {
  const [english, french] = [translated('en'), translated('fr')];
  const words = (/** @type {FakeDocument} */ document) =>
    document.querySelectorAll('[data-words]').map(({ textContent }) => textContent);

  const same = words(english).filter((word, i) => word === words(french)[i]);
  assert.deepEqual(same, ['Pause', 'Note']);
});
