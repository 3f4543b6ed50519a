import { PERSON_NAME_LENGTH } from '../../domain/account/account.js';

/** What somebody is called whose name nobody gave: the part of the address before the @. */
export function nameFromAddress(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}

/** A name as somebody else has it, made fit to be a person's here; undefined where nothing is left of it. */
export function fitName(name: string | undefined): string | undefined {
  const line = (name ?? '').replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
  return [...line].slice(0, PERSON_NAME_LENGTH).join('').trim() || undefined;
}
