/** What alarms about a follower are made of, the same whichever process is asked. */
export interface FollowerFigures {
  readonly name: string;
  /** The age of the oldest event that it has not dealt with. */
  readonly lagSeconds: number;
  readonly isPaused: boolean;
  readonly isNewerThanLog: boolean;
  /** A build of its tables stopped at an event. */
  readonly hasBuildFailed: boolean;
}
