/** A binary heap of things with a position, in the document or in a ranking; the lowest is on top. */
export interface PositionHeap<T extends { readonly position: number }> {
  readonly items: T[];
}

export function createHeap<T extends { readonly position: number }>(): PositionHeap<T> {
  return { items: [] };
}

/** The lowest item, which stays in. */
export function peek<T extends { readonly position: number }>(heap: PositionHeap<T>): T | undefined {
  return heap.items[0];
}

export function insert<T extends { readonly position: number }>(heap: PositionHeap<T>, item: T): void {
  const { items } = heap;
  let hole = items.length;
  items.push(item);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = items[parent];
    if (above === undefined || above.position <= item.position) break;
    items[hole] = above;
    hole = parent;
  }
  items[hole] = item;
}

/** Take the lowest item out; undefined if there is none. */
export function take<T extends { readonly position: number }>(heap: PositionHeap<T>): T | undefined {
  const { items } = heap;
  const top = items[0];
  const last = items.pop();
  if (last !== undefined && items.length > 0) sink(items, last);
  return top;
}

function sink<T extends { readonly position: number }>(items: T[], item: T): void {
  let hole = 0;
  for (;;) {
    const left = items[2 * hole + 1];
    const right = items[2 * hole + 2];
    if (left === undefined) break;
    const rightIsEarlier = right !== undefined && right.position < left.position;
    const earlier = rightIsEarlier ? right : left;
    if (item.position <= earlier.position) break;
    items[hole] = earlier;
    hole = 2 * hole + (rightIsEarlier ? 2 : 1);
  }
  items[hole] = item;
}
