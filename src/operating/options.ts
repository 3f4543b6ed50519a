import { type Invocation, UsageError } from './command.js';

type Options = Invocation['options'];

/** What an option says; undefined where it is absent. @throws UsageError where it says nothing */
export function textOption(options: Options, name: string): string | undefined {
  const option = options[name];
  if (typeof option !== 'string') return undefined;
  const text = option.trim();
  if (text === '') throw new UsageError(`--${name} is empty`);
  return text;
}

/** A number from 1 that an option gives; undefined where it is absent. @throws UsageError */
export function countOption(options: Options, name: string): number | undefined {
  const option = options[name];
  if (option === undefined) return undefined;
  const number = Number(option);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`--${name} is a number from 1`);
  return number;
}
