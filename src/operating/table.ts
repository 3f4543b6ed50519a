/** Rows under headings, in columns as wide as they need to be. Numbers stand at the right. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [headings, ...rows.map((row) => row.map((cell) => format(cell)))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = headings.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  return cells
    .map((row) =>
      row
        .map((cell, column) =>
          isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const format = (cell: string | number): string => (typeof cell === 'number' ? count(cell) : cell);

/** `1234567` as `1,234,567`. */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** From 0 to 1 as `99.9%`; never 100% before it is. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1000) / 10).toFixed(share >= 1 ? 0 : 1)}%`;
}

/** Seconds as `1h 02m`, `3m 04s` or `5s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  if (hours > 0) return `${hours}h ${two(minutes)}m`;
  return minutes > 0 ? `${minutes}m ${two(rest)}s` : `${rest}s`;
}
