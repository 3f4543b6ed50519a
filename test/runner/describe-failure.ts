/** What is used of a failed assertion as tap reads it. */
interface Failure {
  /** Below the tests that it belongs to, outermost first. */
  readonly fullname: string;
  /** Whatever it tells: a difference, a stack. */
  readonly diag?: Readonly<Record<string, unknown>> | null;
}

/** Is told by the stack, line by line. */
const REPEATED = new Set(['at', 'source']);

/** A failed assertion in lines for people. */
export function describeFailure({ fullname, diag }: Failure): string {
  const lines = [`not ok: ${fullname}`];
  for (const [name, value] of Object.entries(diag ?? {})) {
    if (REPEATED.has(name) && diag?.['stack']) continue;
    const text = (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2)).trimEnd();
    lines.push(
      ...(text.includes('\n')
        ? [`  ${name}:`, ...text.split('\n').map((line) => `    ${line}`)]
        : [`  ${name}: ${text}`]),
    );
  }
  return lines.join('\n');
}
