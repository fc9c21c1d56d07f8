import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { buildSync } from 'esbuild';

const CORE = new URL('../../../client/core/', import.meta.url);
const FILES = readdirSync(CORE, { recursive: true }).map(String).filter((file) => file.endsWith('.js')).sort();

/** @param {string} file */
const text = (file) => readFileSync(new URL(file, CORE), 'utf8');

/**
 * Without its comments, indentation and blank lines. No text of the core holds what looks like a comment.
 *
 * @param {string} source
 */
function lines(source) {
  const code = source.replaceAll(/\/\*.*?\*\//gs, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
  return code.split('\n').map((each) => each.trim()).filter((each) => each !== '');
}

const CODE = FILES.map((file) => ({ file, code: lines(text(file)) }));

test('the folder imports nothing from outside', () => {
  const imported = FILES.flatMap((file) => {
    const names = [...text(file).matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => name);
    return names.map((name) => new URL(name, new URL(file, CORE)).href);
  });

  assert.ok(imported.length > FILES.length);
  assert.deepEqual(imported.filter((each) => !each.startsWith(CORE.href)), []);
});

test('nothing but what the browser tells is heard from a window and its document, and those are handed over', () => {
  const naming = CODE.filter(({ code }) => /\b(window|document)\b/.test(code.join('\n'))).map(({ file }) => file);

  assert.deepEqual(naming, ['signals.js']);
});

test('nothing in it is about matches and their timers', () => {
  const theirs = /\b(game|score|team|phase|deadline|remaining|duration)(_ms)?\b/;

  assert.deepEqual(CODE.filter(({ code }) => theirs.test(code.join('\n'))).map(({ file }) => file), []);
});

test('it stays under 1,500 lines of code', () => {
  const count = CODE.reduce((sum, { code }) => sum + code.length, 0);

  assert.ok(count < 1500, `${count} lines`);
});

test('it stays under 12 kB compressed', () => {
  const whole = FILES.map((file, i) => `export * as part${i} from './${file}';`).join('\n');
  const bundled = buildSync({
    stdin: { contents: whole, resolveDir: fileURLToPath(CORE) }, bundle: true, format: 'esm', minify: true, write: false,
  });

  const { length } = gzipSync(bundled.outputFiles[0]?.contents ?? assert.fail(), { level: 9 });

  assert.ok(length < 12_000, `${length} bytes`);
});
