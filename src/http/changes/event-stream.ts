import { Readable } from 'node:stream';

import type { Position } from '../../event-store/event-store.js';

/** A server-sent event about one person, or the workspace. `text` is the same for all who follow the workspace, and made once. */
export interface Frame {
  /** The id of the person or the workspace: what is newer about the same goes in place of what waits. */
  readonly about: string;
  readonly position: Position;
  readonly text: string;
}

/** An event as it is sent. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function frameOf(event: string, data: object, position?: Position): string {
  return `${position === undefined ? '' : `id: ${position}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** How many people may wait to be told of to a slow reader. */
const MOST_WAITING = 200;

/** Bytes that are made before the reader has taken those before them; the kernel's buffers come on top. */
const HIGH_WATER_MARK = 16 * 1024;

/**
 * What one follower of a workspace is sent. Whoever reads more slowly than things happen is told of each person's newest
 * state only; and of nobody, but to load everything anew, where that would be too many: memory stays bounded however
 * slowly somebody reads.
 */
export class EventStream extends Readable {
  private waiting = new Map<string, Frame>();
  private reloadFrom: Position | undefined;
  private isWanted = false;
  private isOpen = false;
  private hasEnded = false;

  constructor() {
    super({ highWaterMark: HIGH_WATER_MARK });
    // Those who lost the same instance do not come back all at once.
    this.push(`retry: ${1_000 + Math.floor(Math.random() * 2_000)}\n\n`);
  }

  /**
   * Sends what was missed, and lets go out what has been offered since, which is newer.
   *
   * @param missed undefined where it is too much
   * @param position all up to it is told herewith
   */
  open(missed: readonly Frame[] | undefined, position: Position): void {
    if (this.hasEnded || this.destroyed) return;
    for (const { text } of missed ?? []) this.push(text);
    if (!missed) this.push(frameOf('reload', {}, position));
    this.push(frameOf('ready', {}, position));
    this.isOpen = true;
    this.flush();
  }

  offer(frames: readonly Frame[]): void {
    for (const frame of frames) {
      this.waiting.delete(frame.about);
      this.waiting.set(frame.about, frame);
      if (this.waiting.size > MOST_WAITING) this.reload(frame.position);
    }
    this.flush();
  }

  /** Has the reader load everything anew: more changed, up to `position`, than can be told one by one. */
  reload(position: Position): void {
    this.waiting.clear();
    this.reloadFrom = position;
    this.flush();
  }

  /** Shows that the connection is alive, unless it is busy enough to show it by itself. */
  beat(): void {
    if (this.isWanted && !this.hasEnded) this.isWanted = this.push(': \n\n');
  }

  /** Says why nothing more comes, and ends. */
  end(code: string): void {
    if (this.hasEnded || this.destroyed) return;
    this.hasEnded = true;
    this.waiting.clear();
    this.push(frameOf('end', { code }));
    this.push(null);
  }

  override _read(): void {
    this.isWanted = true;
    this.flush();
  }

  private flush(): void {
    if (!this.isOpen || this.hasEnded || this.destroyed) return;
    if (this.isWanted && this.reloadFrom !== undefined) {
      const position = this.reloadFrom;
      this.reloadFrom = undefined;
      this.isWanted = this.push(frameOf('reload', {}, position));
    }
    for (const frame of this.waiting.values()) {
      if (!this.isWanted) return;
      this.waiting.delete(frame.about);
      this.isWanted = this.push(frame.text);
    }
  }
}
