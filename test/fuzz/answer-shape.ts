/**
 * What kind of answer this is, without its data: an input that leads to a shape not seen before has reached something new
 * in its target, and is worth mutating further.
 */
export function answerShape(answer: unknown): string {
  return shapeOf(answer, 0).slice(0, 600);
}

const maxDepth = 4;
const maxItems = 12;

function shapeOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return depth > maxDepth ? 's' : wordsOf(value);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : (typeof value).slice(0, 1);
  if (depth > maxDepth) return 'o';
  if (value instanceof Uint8Array) return 'bytes';
  if (Array.isArray(value)) {
    return `[${[...new Set(value.slice(0, maxItems).map((item) => shapeOf(item, depth + 1)))].join()}]`;
  }
  const fields = Object.entries(value).slice(0, maxItems * 2);
  return `{${fields.map(([key, field]) => `${key.slice(0, 20)}:${shapeOf(field, depth + 1)}`).join()}}`;
}

/** The fixed part of a message: quotes, numbers and what is long are data. */
function wordsOf(text: string): string {
  if (text.length > 200) return 'long';
  return text
    .replace(/"[^"]*"|'[^']*'/g, 'q')
    .replace(/\d+/g, 'n')
    .slice(0, 48);
}
