/** What the pages use of htm/preact/standalone, which is served as library.js. */

export interface VNode {
  readonly type: unknown;
}

/** Whatever can stand between two tags. */
export type Child = VNode | string | number | boolean | null | undefined | readonly Child[];

export type Inputs = readonly unknown[];

/** Markup as a template; whatever is put into it is text or an attribute, never markup. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): VNode;
export function render(child: Child, parent: Element): void;

/** What an effect leaves to be done when it ends, if anything. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing returns void
export type Cleanup = void | (() => void);

export interface Ref<T> {
  current: T;
}

export function useState<S>(initial: S | (() => S)): [S, (next: S | ((previous: S) => S)) => void];
export function useEffect(effect: () => Cleanup, inputs?: Inputs): void;
export function useLayoutEffect(effect: () => Cleanup, inputs?: Inputs): void;
export function useRef<T>(initial: T): Ref<T>;
export function useMemo<T>(make: () => T, inputs: Inputs): T;
// biome-ignore lint/suspicious/noExplicitAny: any function
export function useCallback<F extends (...parameters: any[]) => unknown>(callback: F, inputs: Inputs): F;
export function useErrorBoundary(handle?: (error: unknown) => void): [unknown, () => void];
