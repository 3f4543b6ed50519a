/**
 * The shape of an aggregate: what is decided (`decide`), and what a fact means (`evolve`). Both are pure; time, ids and
 * the authority of whoever asks come in with the command.
 *
 * @see "Functional Event Sourcing Decider", Jérémie Chassaing
 */
export interface Decider<Command, State, Event> {
  readonly initialState: State;

  /**
   * The facts that follow from a command; none when what is asked for is so already.
   *
   * @throws DomainError when the rules forbid it
   */
  decide(command: Command, state: State): readonly Event[];

  /** The state after one more fact. Total: an unknown or unexpected event leaves the state as it is. */
  evolve(state: State, event: Event): State;
}

/** Folds facts into the state they add up to. */
export function fold<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  events: Iterable<Event>,
  from: State = decider.initialState,
): State {
  let state = from;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
