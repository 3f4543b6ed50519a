/** What can be wrong with an entry. Stable: a page may carry its own words for each. */
export type AddressFault =
  | 'no-at-sign'
  | 'several-at-signs'
  | 'nothing-before-at'
  | 'nothing-after-at'
  | 'several-addresses'
  | 'dot-misplaced'
  | 'white-space'
  | 'character-not-allowed'
  | 'quoted-local-part'
  | 'ip-address'
  | 'domain-incomplete'
  | 'domain-not-valid'
  | 'too-long';

/** Why an entry is refused, in the shape that the REST interface answers with. */
export interface AddressProblem {
  readonly code: 'invalid-address';
  readonly fault: AddressFault;
  /** What is wrong and what to do about it, in English, for the person who pasted it. */
  readonly detail: string;
}

const DETAILS: Readonly<Record<AddressFault, string>> = {
  'no-at-sign': 'There is no @ in it. Write the whole address, like name@example.com.',
  'several-at-signs': 'There is more than one @ in it. Separate addresses with a comma, or remove the extra @.',
  'nothing-before-at': 'Nothing stands before the @. Write the whole address, like name@example.com.',
  'nothing-after-at': 'Nothing stands after the @. Add the domain, like name@example.com.',
  'several-addresses': 'There is more than one address here. Give exactly one.',
  'dot-misplaced':
    'A dot stands at the beginning or the end of the part before the @, or two follow each other. Remove it.',
  'white-space': 'There is a space inside the address. Remove it.',
  'character-not-allowed': 'It has a character that an address cannot have before the @. Remove it.',
  'quoted-local-part': 'Addresses with quotation marks before the @ are not supported. Ask for another address.',
  'ip-address': 'The part after the @ is an IP address. Write the name of the domain instead.',
  'domain-incomplete': 'The part after the @ has no dot. Write the whole domain, like example.com.',
  'domain-not-valid': 'The part after the @ is not the name of a domain. Check its spelling.',
  'too-long':
    'It is longer than an address can be: 64 bytes before the @ and 254 in all. Check where it begins and ends.',
};

export function addressProblem(fault: AddressFault): AddressProblem {
  return { code: 'invalid-address', fault, detail: DETAILS[fault] };
}
