/**
 * Puts these items into a list, in this order, and touches no item that stays where it is: it keeps its place under
 * the reader's eyes, and nothing is read out twice.
 *
 * @param {Element} list
 * @param {readonly Element[]} wanted
 */
export function arrange(list, wanted) {
  const kept = new Set(wanted);
  for (const item of [...list.children]) if (!kept.has(item)) item.remove();
  wanted.forEach((item, i) => {
    const there = list.children[i] ?? null;
    if (there !== item) list.insertBefore(item, there);
  });
}
