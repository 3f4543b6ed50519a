import { hash } from 'node:crypto';

import { searchText } from '../users-tab/search-text.js';

/**
 * Texts as what a history is searched for is found in: each a line. What is searched for is a line itself, so that it is found within
 * one text, never where two meet.
 */
export function linesOf(...texts: readonly string[]): string {
  return texts
    .map((text) => lineOf(text))
    .filter((line) => line !== '')
    .join('\n');
}

/** A text as it is searched by, on one line: white space of whatever kind and length is one space. */
export function lineOf(...parts: readonly (string | null)[]): string {
  const text = searchText(...parts);
  return (SEVERAL_SPACES.test(text) ? text.replace(/\s+/g, ' ') : text).trim();
}

/** White space that is not a single space. */
const SEVERAL_SPACES = /[^\S ]|\s\s/;

/** What an event says besides what people are called. */
export interface SearchedText {
  /** Tells texts apart, but for an accident; those that one befalls share a row. */
  readonly id: number;
  readonly search: string;
}

/** How many texts are remembered: they come in runs, of one request or of one mail server. */
const REMEMBERED = 5_000;

/** By what is said, of each workspace. */
const remembered = new Map<string, Map<string, SearchedText>>();
let texts = 0;

/**
 * @param said texts, each behind a NUL
 * @returns undefined where there is nothing to search in
 */
export function searchedText(workspaceId: string, said: string): SearchedText | undefined {
  if (said === '') return undefined;
  const known = remembered.get(workspaceId)?.get(said);
  if (known) return known;
  const search = linesOf(...said.split('\0'));
  if (search === '') return undefined;
  const text = { id: textIdOf(workspaceId, search), search };
  remember(workspaceId, said, text);
  return text;
}

function remember(workspaceId: string, said: string, text: SearchedText): void {
  if (texts >= REMEMBERED) {
    remembered.clear();
    texts = 0;
  }
  const ofWorkspace = remembered.get(workspaceId) ?? new Map<string, SearchedText>();
  ofWorkspace.set(said, text);
  remembered.set(workspaceId, ofWorkspace);
  texts++;
}

/** The first 48 bits of the SHA-256: as many as a number holds in whole bytes. Other workspaces have other ids for the same text. */
export function textIdOf(workspaceId: string, search: string): number {
  return hash('sha256', `${workspaceId}\n${search}`, 'buffer').readUIntBE(0, 6);
}
