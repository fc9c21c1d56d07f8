import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arrange } from '../../client/lists.js';
import { FakeElement } from './fake_document.js';

/** A list with a letter for each item, and what was moved in it. */
function letters(/** @type {string} */ text) {
  const list = new FakeElement();
  const item = (/** @type {string} */ letter) => Object.assign(new FakeElement(), { textContent: letter });
  const items = Object.fromEntries([...text].map((letter) => [letter, item(letter)]));
  const moved = /** @type {string[]} */ ([]);
  const insert = list.insertBefore.bind(list);
  list.insertBefore = (child, before) => {
    moved.push(child.textContent);
    insert(child, before);
  };
  const put = (/** @type {string} */ wanted) => {
    moved.length = 0;
    arrange(/** @type {any} */ (list), /** @type {any} */ ([...wanted].map((letter) => items[letter])));
    return list.children.map(({ textContent }) => textContent).join('');
  };
  return { put, moved };
}

test('puts the items in, in order', () => {
  assert.equal(letters('abc').put('cab'), 'cab');
});

test('touches nothing that stays', () => {
  const { put, moved } = letters('abcd');
  put('bcd');

  assert.equal(put('abc'), 'abc');
  assert.deepEqual(moved, ['a']);
});

test('takes out what is not wanted', () => {
  const { put } = letters('abc');
  put('abc');

  assert.deepEqual([put('ac'), put('')], ['ac', '']);
});
