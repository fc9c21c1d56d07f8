/* What a page displays, written down at every change and at a beat, and told in batches. Runs before the page's own
   scripts; in Chromium in a world of its own, so that nothing they do to theirs reaches it. A change of an `urgent`
   mark waits for no beat. `SETTINGS` is put in. */
(({ marks, items, tell, flush, beatMs, textLimit, urgent }) => {
  if (window !== window.top || /^(about:blank)?$/.test(location.href)) return;
  const now = () => performance.timeOrigin + performance.now();
  const held = [];
  const NOTHING = { marks: '', items: '', text: '', urgent: '' };
  let shown = NOTHING;
  let textMayDiffer = true;
  let leaving = false;
  let over = false;

  const read = ([name, css, attribute]) => {
    const element = document.querySelector(css);
    const value = attribute === null ? element?.textContent : element?.getAttribute(attribute);
    return value == null ? [] : [[name, value]];
  };
  const words = (element) => element.innerText.replace(/\s+/g, ' ').trim();
  const entry = (element) => (items[1] === null ? words(element) : element.getAttribute(items[1]) ?? '');
  const take = () => held.splice(0);
  const send = () => { if (held.length > 0) globalThis[tell](JSON.stringify(take())); };

  function look(why) {
    if (over) return;
    const at = now();
    const seen = { what: 'look', at, why, marks: Object.fromEntries(marks.flatMap(read)) };
    const pressing = JSON.stringify(urgent.map((name) => seen.marks[name]));
    const next = { ...shown, marks: JSON.stringify(seen.marks), urgent: pressing };
    if (why === 'beat' || textMayDiffer) {
      seen.text = (document.body?.innerText ?? '').slice(0, textLimit);
      seen.items = items === null ? [] : [...document.querySelectorAll(items[0])].map(entry);
      [next.text, next.items] = [seen.text, JSON.stringify(seen.items)];
      textMayDiffer = false;
    }
    if (next.text === shown.text) delete seen.text;
    if (next.items === shown.items) delete seen.items;
    const differs = next.marks !== shown.marks || 'text' in seen || 'items' in seen;
    const atOnce = leaving || next.urgent !== shown.urgent;
    shown = next;
    if (why === 'beat' || differs) held.push(seen);
    if (atOnce) send();
  }

  globalThis[flush] = () => { look('beat'); over = true; return JSON.stringify(take()); };
  held.push({ what: 'opened', at: now(), url: location.href });
  send();
  new MutationObserver((records) => {
    textMayDiffer ||= records.some(({ type }) => type !== 'attributes');
    look('change');
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  setInterval(() => { look('beat'); send(); }, beatMs);
  // What is told during `pagehide` may be lost, so from the first sign of a navigation on nothing waits.
  addEventListener('beforeunload', () => { leaving = true; look('change'); send(); });
  // A page that was kept while its reader was elsewhere begins a life, and tells all of it again.
  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    [shown, textMayDiffer, leaving] = [NOTHING, true, false];
    held.push({ what: 'opened', at: now(), url: location.href });
    look('change');
    send();
  });
  addEventListener('pagehide', () => { look('change'); held.push({ what: 'closed', at: now() }); send(); });
})(SETTINGS);
