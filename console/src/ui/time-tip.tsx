import { useEffect, useState } from 'react';

/** Beside the pointer or the focused element, pixels. */
const GAP = 6;
const SELECTOR = 'time[data-full]';

/**
 * Says the whole of a time that is pointed at, tapped or focused, with its zone and in UTC. One for the page: a cell of a
 * table cuts off what is drawn inside it, and a title shows neither on focus nor on touch.
 */
export function TimeTip() {
  const [tip, setTip] = useState<{ text: string; left: number; top: number }>();
  useEffect(() => {
    const show = (time: Element | null | undefined): void => {
      if (!time) return setTip(undefined);
      const { left, bottom } = time.getBoundingClientRect();
      setTip({ text: time.getAttribute('data-full')!, left, top: bottom + GAP });
    };
    const elementOf = ({ target }: Event): Element | undefined => (target instanceof Element ? target : undefined);
    const point = (event: Event): void => show(elementOf(event)?.closest(SELECTOR));
    const focus = (event: Event): void => {
      const element = elementOf(event);
      // A link or a cell around one time; not a whole panel that is focused.
      const times = element?.matches('a, button, td, th, time') ? element.querySelectorAll(SELECTOR) : [];
      show(times.length === 1 ? times[0] : undefined);
    };
    const hide = (): void => setTip(undefined);
    const escape = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') hide();
    };
    document.addEventListener('pointerover', point);
    document.addEventListener('focusin', focus);
    document.addEventListener('keydown', escape);
    document.addEventListener('scroll', hide, true);
    return () => {
      document.removeEventListener('pointerover', point);
      document.removeEventListener('focusin', focus);
      document.removeEventListener('keydown', escape);
      document.removeEventListener('scroll', hide, true);
    };
  }, []);
  if (!tip) return null;
  return (
    <div role="tooltip" className="time-tip" style={{ left: `min(${tip.left}px, calc(100vw - 340px))`, top: tip.top }}>
      {tip.text}
    </div>
  );
}
