import { invalidParameter, invalidValue, missingParameter } from './errors.ts';

/** The parsed JSON of a request. Nothing in it is trusted: read it through the functions below. */
export type Input = Record<string, unknown>;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws MissingParameter when it is not there, InvalidParameterValue when it is no string. */
export function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

/** @throws InvalidParameterValue when it is there but no string. */
export function optionalString(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value !== undefined && typeof value !== 'string') throw invalidValue(name, value, 'Must be a string.');
  return value;
}

/** @throws InvalidParameterValue when it is there but no whole number from `min` to `max`. */
export function optionalInteger(input: Input, name: string, min: number, max: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
    throw invalidValue(name, value, `Must be between ${min} and ${max}, if provided.`);
  }
  return value as number;
}

/** @throws InvalidParameterValue when it is there but no list of strings. */
export function optionalStrings(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw invalidParameter(`${name} must be a list of strings.`);
  }
  return value;
}

/** @throws InvalidParameterValue when it is there but no object. */
export function optionalObject(input: Input, name: string): Record<string, unknown> {
  const value = input[name] ?? {};
  if (!isObject(value)) throw invalidParameter(`${name} must be a map.`);
  return value;
}
