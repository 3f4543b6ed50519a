import { UsageError } from './command.js';

/** A number from 1 that an option gives; undefined where it is absent. @throws UsageError */
export function countOption(option: string | boolean | undefined, name: string): number | undefined {
  if (option === undefined) return undefined;
  const number = Number(option);
  if (!Number.isInteger(number) || number < 1) throw new UsageError(`--${name} is a number from 1`);
  return number;
}
