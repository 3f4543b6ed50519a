/** One line of the result: a figure, what it is held against, and whether it holds. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly limit: string;
  readonly holds: boolean;
}

/** A Markdown table that can stand in docs/benchmarks.md as it is. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, value, limit, holds }) => `| ${what} | ${value} | ${limit} | ${holds ? 'yes' : '**no**'} |`,
  );
  return ['| what | measured | limit | holds |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function round(value: number, digits = 0): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
