import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { messageOf } from '../../ui/notices.tsx';
import { ATTRIBUTES, NAMES, type FieldName } from './form-fields.ts';

/** What the API says against a place in the body. */
interface Place {
  pointer: string;
  detail: string;
}

/** Saves once, and keeps the API's words until the field that they are about was touched again. */
export function useSubmit(save: () => Promise<unknown>) {
  const form = useRef<HTMLFormElement>(null);
  const [failure, setFailure] = useState<{ error: unknown; touched: readonly FieldName[] }>();
  const [busy, setBusy] = useState(false);
  const [rounds, setRounds] = useState(0);
  // The first field that is wrong may be a screen away from the button.
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus(), [rounds]);
  const places = failure?.error instanceof ApiError ? failure.error.errors : [];
  const isAtFields = places.length > 0 && places.every((place) => NAMES.some((name) => isAt(place, name)));
  const told = isAtFields ? 'Nothing was saved: see the fields above.' : failure && messageOf(failure.error);
  const placesIn = (name: FieldName) =>
    failure?.touched.includes(name) ? [] : places.filter((place) => isAt(place, name));
  return {
    form,
    busy,
    told: failure && failure.touched.length === 0 ? told : undefined,
    /** What the API says against parts of a field. */
    placesIn,
    wrongAt: (name: FieldName) => detailsAt(placesIn(name), name),
    touch: (name: FieldName) => setFailure((now) => now && { ...now, touched: [...now.touched, name] }),
    submit: (event: { preventDefault(): void }): void => {
      event.preventDefault();
      setBusy(true);
      setFailure(undefined);
      void save().then((error) => {
        setBusy(false);
        setRounds((now) => now + 1);
        if (error !== undefined) setFailure({ error, touched: [] });
      });
    },
  };
}

/** What is wrong with a field, in words; of a field with places inside of it, with the place. Empty: nothing. */
export function detailsAt(places: readonly Place[], name: FieldName): string {
  return places
    .filter((place) => isAt(place, name))
    .map(({ pointer, detail }) => {
      const inside = pointer.slice(`/${ATTRIBUTES[name]}`.length);
      return name === 'filter' && inside !== '' ? `${inside}: ${detail}.` : detail;
    })
    .join(' ');
}

/** What is wrong with exactly this place, in words. Empty: nothing. */
export function detailsOf(places: readonly Place[], pointer: string): string {
  return places
    .filter((place) => place.pointer === pointer)
    .map(({ detail }) => detail)
    .join(' ');
}

function isAt({ pointer }: Place, name: FieldName): boolean {
  return `${pointer}/`.startsWith(`/${ATTRIBUTES[name]}/`);
}
