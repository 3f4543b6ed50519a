/** The words of the inbox in one language. */
export interface Words {
  readonly product: string;
  readonly inbox: string;
  readonly about: string;
  readonly recipient: string;
  readonly search: string;
  readonly deleteAll: string;
  readonly older: string;
  readonly to: string;
  readonly from: string;
  readonly received: string;
  readonly noSubject: string;
  readonly emptyTitle: string;
  readonly emptyText: string;
  readonly nothingFoundText: string;
  readonly showAll: string;
  readonly asItLooks: string;
  readonly links: string;
  readonly text: string;
  readonly headers: string;
  readonly asItArrived: string;
  readonly missingTitle: string;
  readonly missingText: string;
  readonly back: string;
  /** @param count in words of the language, with its separators */
  readonly kept: (count: string, isOne: boolean) => string;
  readonly nothingFoundTitle: (address: string) => string;
}
