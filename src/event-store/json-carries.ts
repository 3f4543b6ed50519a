/** Where in a value, as an accessor such as `.a[0]`, and why. */
export interface Uncarried {
  readonly path: string;
  readonly why: string;
}

/** Deeper nesting than any event needs; parsers of stores and readers further down have limits not far above. */
const DEEPEST = 100;

/**
 * Finds the first thing in a value that `JSON.stringify` and `JSON.parse` would lose, change or refuse.
 *
 * @example
 * uncarriedByJson({ a: [1, undefined] }) // { path: '.a[1]', why: 'is undefined' }
 * uncarriedByJson({ a: [1, null] }) // undefined
 */
export function uncarriedByJson(value: unknown, ancestors: readonly object[] = []): Uncarried | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : fault(`is ${value}`);
    case 'object':
      return value === null ? undefined : withinObject(value, ancestors);
    default:
      return fault(value === undefined ? 'is undefined' : `is a ${typeof value}`);
  }
}

function withinObject(value: object, ancestors: readonly object[]): Uncarried | undefined {
  if (ancestors.includes(value)) return fault('contains itself');
  if (ancestors.length >= DEEPEST) return fault(`is nested more than ${DEEPEST} deep`);
  const path = [...ancestors, value];
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const found = uncarriedByJson(value[index], path);
      if (found) return { path: `[${index}]${found.path}`, why: found.why };
    }
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return fault('is no plain object');
  for (const [key, member] of Object.entries(value)) {
    const found = uncarriedByJson(member, path);
    if (found) return { path: `.${key}${found.path}`, why: found.why };
  }
  return undefined;
}

const fault = (why: string): Uncarried => ({ path: '', why });
