import { useSyncExternalStore } from 'react';

const STORED = 'posthorn-theme';
/** Cloudscape's components look for it on the body. */
const DARK_CLASS = 'awsui-dark-mode';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

const isDark = (): boolean => (localStorage.getItem(STORED) ?? (systemIsDark.matches ? 'dark' : 'light')) === 'dark';

function apply(): void {
  document.body.classList.toggle(DARK_CLASS, isDark());
  for (const listener of listeners) listener();
}

/** Shows the theme that was chosen last, else the system's; follows the system while none was chosen. */
export function startTheme(): void {
  apply();
  systemIsDark.addEventListener('change', apply);
}

/** Whether it is dark now, and the switch. */
export function useTheme(): { dark: boolean; toggle: () => void } {
  const dark = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, isDark);
  const toggle = (): void => {
    localStorage.setItem(STORED, dark ? 'light' : 'dark');
    apply();
  };
  return { dark, toggle };
}
