/** How long this process may be kept from its other work, bus and timers included, by one thing it does. */
const longestSliceMs = 5;

/** Takes steps until there are no more, letting other work of this process come in between when they take long. */
export async function inSlices<T>(steps: Generator<void, T, void>): Promise<T> {
  let until = performance.now() + longestSliceMs;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < until) continue;
    await new Promise((resolve) => setImmediate(resolve));
    until = performance.now() + longestSliceMs;
  }
}
