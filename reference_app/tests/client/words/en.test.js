import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { EN } from '../../../client/words/en.js';

const HTML = readFileSync(new URL('../../../client/index.html', import.meta.url), 'utf8');

/** @type {Readonly<Record<string, unknown>>} */
const words = EN;

test('the page as it is written says what the words say', () => {
  const written = [...HTML.matchAll(/ data-words="(\w+)"[^>]*>([^<]*)</g)].map(([, key = '', text]) => [key, text]);

  assert.ok(written.length > 20);
  assert.deepEqual(written, written.map(([key = '']) => [key, words[key]]));
});

test('the attributes as they are written say what the words say', () => {
  const tags = [...HTML.matchAll(/<[^>]* data-words-on="[^>]*>/g)].map(([tag]) => tag);
  const written = tags.map((tag) => {
    const [, attribute = '', key = ''] = tag.match(/ data-words-on="([\w-]+):(\w+)"/) ?? [];
    return [key, tag.match(new RegExp(`[ \\n]${attribute}="([^"]*)"`))?.[1]];
  });

  assert.ok(written.length > 5);
  assert.deepEqual(written, written.map(([key = '']) => [key, words[key]]));
});
