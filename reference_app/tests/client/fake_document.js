/**
 * As much of a document as the page's script touches, with the elements that `index.html` really has.
 */

import { readFileSync } from 'node:fs';

const HTML = readFileSync(new URL('../../client/index.html', import.meta.url), 'utf8');

export class FakeElement extends EventTarget {
  /** @type {Record<string, string>} */
  attributes = {};
  /** @type {Record<string, string>} */
  dataset = {};
  /** @type {FakeElement[]} */
  children = [];
  /** @type {FakeElement | null} */
  parent = null;
  textContent = '';
  value = '';
  hidden = false;

  /** @param {string} name */
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  /** @param {...FakeElement} children */
  append(...children) {
    for (const child of children) this.insertBefore(child, null);
  }

  /**
   * @param {FakeElement} child
   * @param {FakeElement | null} before
   */
  insertBefore(child, before) {
    child.remove();
    child.parent = this;
    this.children.splice(before === null ? this.children.length : this.children.indexOf(before), 0, child);
  }

  remove() {
    if (this.parent !== null) this.parent.children = this.parent.children.filter((other) => other !== this);
    this.parent = null;
  }

  get childElementCount() {
    return this.children.length;
  }

  /** @returns {string} all text in it */
  get text() {
    return [this.textContent, ...this.children.map(({ text }) => text)].filter(Boolean).join(' ');
  }
}

export class FakeDocument extends EventTarget {
  visibilityState = 'visible';
  baseURI = 'http://host/';
  location = { reload() {} };
  documentElement = Object.assign(new FakeElement(), { lang: 'en' });
  #elements = [...HTML.matchAll(/<(\w+)([^>]*)>([^<]*)/g)].map(([, , tag, text]) => element(tag ?? '', text ?? ''));

  /** @param {string} id */
  getElementById(id) {
    return this.#elements.find((each) => each.getAttribute('id') === id) ?? null;
  }

  /** @param {string} selector by the presence of an attribute */
  querySelectorAll(selector) {
    const name = selector.match(/\[([\w-]+)/)?.[1] ?? '';
    return this.#elements.filter((each) => each.getAttribute(name) !== null);
  }

  querySelector() {
    return this.#elements.find((each) => each.getAttribute('name') === 'time-scale') ?? null;
  }

  createElement() {
    return new FakeElement();
  }
}

/**
 * @param {string} tag
 * @param {string} text
 */
function element(tag, text) {
  const made = new FakeElement();
  made.textContent = text.trim();
  made.hidden = / hidden\b/.test(tag);
  for (const [, name, value] of tag.matchAll(/([\w-]+)="([^"]*)"/g)) {
    made.setAttribute(name ?? '', value ?? '');
    if (name?.startsWith('data-')) made.dataset[name.slice(5)] = value ?? '';
  }
  return made;
}
