/** What somebody in a workspace asked for and was not allowed to do. It changes nothing; it is there to be found. */
export type RefusalEvent = RequestRefused;

export interface RequestRefused {
  readonly type: 'RequestRefused';
  readonly data: {
    /** The operation asked for, by its name in the OpenAPI document: `invite`. */
    readonly operation: string;
    /** Why it was refused: the code of the problem. */
    readonly reason: RefusedFor;
    /** Whom it was about, where the request told. */
    readonly subjectId?: string;
  };
}

/** The refusals that are recorded: those for want of a right, by somebody who is in the workspace. */
export const REFUSED_FOR = ['not-allowed', 'owner-required'] as const;
export type RefusedFor = (typeof REFUSED_FOR)[number];
