import { describe, expect, it } from 'vitest';
import { choose, isChanged, startDraft, takeUp, type Draft } from '../../src/pages/subscription/draft.ts';
import { fieldsOf, type Fields } from '../../src/pages/subscription/form-fields.ts';
import { changeOf } from '../../src/pages/subscription/form-input.ts';
import { aSubscription } from './factories.ts';

const before = fieldsOf(aSubscription({ description: 'before' }));
const typed = (fields: Partial<Fields>): Draft => {
  const draft = startDraft(before);
  return { ...draft, mine: { ...draft.mine, ...fields } };
};
const sentBy = ({ base, mine, removed }: Draft) => changeOf(base, mine, removed);

describe('a form that was open while somebody else changed the subscription', () => {
  it('shows their change and does not send it, neither as theirs nor taken back', () => {
    const draft = takeUp(typed({ description: 'mine' }), { ...before, account: 'acc_1' });

    expect(draft.mine).toMatchObject({ description: 'mine', account: 'acc_1' });
    expect(draft.taken).toEqual([{ name: 'account', was: 'not set' }]);
    expect(sentBy(draft)).toEqual({ description: 'mine' });
  });

  it('asks whose change stands when both changed the same', () => {
    const draft = takeUp(typed({ description: 'mine' }), { ...before, description: 'theirs' });
    expect(draft.theirs).toEqual({ description: 'theirs' });

    expect(sentBy(choose(draft, 'description', 'mine'))).toEqual({ description: 'mine' });
    expect(sentBy(choose(draft, 'description', 'theirs'))).toEqual({});
    expect(choose(draft, 'description', 'theirs').mine.description).toBe('theirs');
  });

  it('is the same as before when it is looked at again, so that a choice stays', () => {
    const now = { ...before, description: 'theirs', account: 'acc_1' };
    const draft = takeUp(typed({ description: 'mine' }), now);
    const chosen = choose(draft, 'description', 'mine');

    expect(takeUp(draft, now)).toBe(draft);
    expect(takeUp(chosen, now)).toBe(chosen);
  });

  it('asks again when they change it once more after the choice', () => {
    const chosen = choose(
      takeUp(typed({ url: 'https://mine.example/' }), { ...before, url: 'https://a.example/' }),
      'url',
      'mine',
    );

    expect(takeUp(chosen, { ...before, url: 'https://b.example/' }).theirs).toEqual({ url: 'https://b.example/' });
  });

  it('asks nothing when both made the same change, or they took theirs back', () => {
    const same = takeUp(typed({ description: 'mine' }), { ...before, description: 'mine' });
    const back = takeUp(takeUp(typed({ description: 'mine' }), { ...before, description: 'theirs' }), before);

    expect([same.theirs, sentBy(same)]).toEqual([{}, {}]);
    expect([back.theirs, sentBy(back)]).toEqual([{}, { description: 'mine' }]);
  });

  it('remembers what stood there first when they change it twice', () => {
    const once = takeUp(startDraft(before), { ...before, description: 'one' });

    expect(takeUp(once, { ...before, description: 'two' }).taken).toEqual([{ name: 'description', was: 'before' }]);
  });

  it('takes one header of theirs and one of mine for a change of the same', () => {
    const mine = [{ key: 'x-mine', value: '1' }];
    const theirs = [{ key: 'x-theirs', value: '1' }];

    expect(takeUp(typed({ headers: mine }), { ...before, headers: theirs }).theirs).toEqual({ headers: theirs });
  });
});

describe('whether a form was changed', () => {
  it('is no for one that was only opened, or typed back', () => {
    expect([startDraft(before), typed({ description: ' before ' })].map(isChanged)).toEqual([false, false]);
  });

  it('is yes for a field, and for what is to be removed', () => {
    expect([typed({ url: '' }), { ...startDraft(before), removed: ['account'] as const }].map(isChanged)).toEqual([
      true,
      true,
    ]);
  });
});
