import { EDITABLE, isSame, NAMES, wordsOf, type FieldName, type Fields } from './form-fields.ts';

/** A form that somebody is filling in while others may change the same subscription. */
export interface Draft {
  /** What the form was filled from. Only what differs from it is this person's change. */
  base: Fields;
  /** What the form shows. */
  mine: Fields;
  /** What others have changed since, of which this person had changed nothing: the form shows theirs. */
  taken: { name: FieldName; was: string }[];
  /** What both changed: the person has to choose before anything is saved. */
  theirs: Partial<Fields>;
  /** What the form could not show and is to be removed. */
  removed: readonly FieldName[];
}

export function startDraft(base: Fields): Draft {
  return { base, mine: base, taken: [], theirs: {}, removed: [] };
}

/**
 * The draft beside the subscription as it is now.
 * @returns the same draft when nothing was changed meanwhile.
 */
export function takeUp(draft: Draft, now: Fields): Draft {
  return EDITABLE.reduce((before, name) => takeUpField(before, name, now), draft);
}

function takeUpField(draft: Draft, name: FieldName, now: Fields): Draft {
  const { base, mine, taken, theirs } = draft;
  if (isSame(name, now, base)) return Object.hasOwn(theirs, name) ? { ...draft, theirs: without(theirs, name) } : draft;
  if (isSame(name, mine, now)) {
    return { ...draft, base: withField(base, name, now), theirs: without(theirs, name) };
  }
  if (isSame(name, mine, base)) {
    const was = taken.find((change) => change.name === name)?.was ?? wordsOf(name, base);
    return {
      ...draft,
      base: withField(base, name, now),
      mine: withField(mine, name, now),
      taken: [...taken.filter((change) => change.name !== name), { name, was }],
    };
  }
  if (Object.hasOwn(theirs, name) && isSame(name, { ...now, ...theirs }, now)) return draft;
  return { ...draft, theirs: { ...theirs, [name]: now[name] } };
}

/** The person's choice about a field that both changed. */
export function choose(draft: Draft, name: FieldName, whose: 'mine' | 'theirs'): Draft {
  const theirs = { ...draft.base, ...draft.theirs };
  return {
    ...draft,
    base: withField(draft.base, name, theirs),
    mine: whose === 'mine' ? draft.mine : withField(draft.mine, name, theirs),
    theirs: without(draft.theirs, name),
  };
}

/** Whether the form holds anything that is not stored. */
export function isChanged({ base, mine, removed }: Draft): boolean {
  return removed.length > 0 || NAMES.some((name) => !isSame(name, base, mine));
}

function withField(fields: Fields, name: FieldName, from: Fields): Fields {
  return { ...fields, [name]: from[name] };
}

function without(theirs: Partial<Fields>, name: FieldName): Partial<Fields> {
  const { [name]: _gone, ...rest } = theirs;
  return rest;
}
