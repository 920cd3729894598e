import { describe, expect, it } from 'vitest';
import { wantedOf } from '../../src/pages/find/wanted.ts';

const EVENT = 'evt_01M8MFKQ9FNWNK6ZWTV5YYAC20';
const SUBSCRIPTION = 'sub_01M8MD6NSEEY5GDK9MEMB24HR1';
const CALL = `att_01M8MFKQ9FNWNK6ZWTV5YYAC21.${EVENT}.${SUBSCRIPTION}`;

describe('what somebody types who looks for something', () => {
  it.each([
    [EVENT, `/console/events/${EVENT}`],
    [`  webhook-id: ${EVENT} `, `/console/events/${EVENT}`],
    [SUBSCRIPTION, `/console/subscriptions/${SUBSCRIPTION}`],
    [CALL, `/console/subscriptions/${SUBSCRIPTION}?call=${CALL}`],
  ])('%s leads to the page of the one thing that it names', (text, page) => {
    expect(wantedOf(text)).toMatchObject({ page, resources: [] });
  });

  it('is a resource’s id as a whole, and words', () => {
    expect(wantedOf(' #28540 ')).toEqual({ resources: [{ id: '28540' }], words: '28540' });
    expect(wantedOf('hooks.southclinic.example')).toMatchObject({ words: 'hooks.southclinic.example' });
  });

  it('is a number of somebody, where words stand around it', () => {
    expect(wantedOf('South  Clinic #28540').resources).toContainEqual({ id: '28540', of: 'South Clinic' });
    expect(wantedOf('28540 south').resources).toContainEqual({ id: '28540', of: 'south' });
  });

  it.each(['', '   ', '#'])('is nothing in %j', (text) => {
    expect(wantedOf(text)).toEqual({ resources: [], words: '' });
  });

  it('is no resource when it is longer than any', () => {
    expect(wantedOf('x'.repeat(129)).resources).toEqual([]);
  });
});
