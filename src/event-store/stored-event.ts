import type { JsonObject, Position, RecordedEvent, StoredTexts } from './event-store.js';

/** An event as an engine has read it, which still knows what the log has of it. */
export class StoredEvent implements RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** Private, so that whoever copies an event to change it does not take along the texts of what it was. */
  readonly #texts: StoredTexts;
  readonly #isAtHand: boolean;

  constructor(
    { id, type, data, metadata, stream, revision, position }: RecordedEvent,
    texts: StoredTexts,
    isAtHand: boolean,
  ) {
    this.id = id;
    this.type = type;
    this.data = data;
    this.metadata = metadata;
    this.stream = stream;
    this.revision = revision;
    this.position = position;
    this.#texts = texts;
    this.#isAtHand = isAtHand;
  }

  get isAtHand(): boolean {
    return this.#isAtHand;
  }

  texts(): StoredTexts {
    return this.#texts;
  }
}
