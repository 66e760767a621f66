import type { Colors } from '../terminal.js';
import { printable } from './printable.js';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** A text, or one with the paint that goes on after it was aligned. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/**
 * Aligned columns without borders, one line per row and a line of titles above; ends with a line break. Columns that
 * are empty in every row are left out.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly Cell[])[], colors: Colors): string {
  const shown = columns.map((_, index) => index).filter((index) => rows.some((row) => textOf(row[index]) !== ''));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => textOf(row[index]).length)),
  );
  const renderRow = (cells: readonly (Cell | undefined)[]): string => {
    const parts = shown.map((index, position) => {
      const cell = cells[index];
      const text = textOf(cell);
      const isRight = columns[index]?.align === 'right';
      const padding = ' '.repeat(Math.max(0, (widths[index] ?? 0) - text.length));
      const painted = typeof cell === 'object' ? cell.paint(text) : text;
      if (isRight) return padding + painted;
      return position === shown.length - 1 ? painted : painted + padding;
    });
    return `${parts.join('  ').trimEnd()}\n`;
  };
  const titles = columns.map(({ title }) => ({ text: title, paint: colors.dim }));
  return [titles, ...rows].map(renderRow).join('');
}

function textOf(cell: Cell | undefined): string {
  return printable(typeof cell === 'object' ? cell.text : (cell ?? ''));
}
