import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EN } from '../../../client/words/en.js';
import { FR } from '../../../client/words/fr.js';

/** @typedef {import('../../../client/words/en.js').Template} Template */

/** @param {Template} template */
const forms = (template) => (typeof template === 'string' ? [template] : [template.one, template.other]);

/** @param {string} text */
const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

test('there are French words for all that is said in English, and no others', () => {
  assert.deepEqual(Object.keys(FR), Object.keys(EN));
});

for (const [key, english] of Object.entries(/** @type {Record<string, Template>} */ (EN))) {
  test(`"${key}" is filled in alike`, () => {
    const french = /** @type {Record<string, Template>} */ (FR)[key] ?? '';

    assert.deepEqual(forms(french).map(places), forms(english).map(places));
  });
}
