import { useEffect, useState, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import Button from '@cloudscape-design/components/button';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { BASE_PATH } from '../base-path.ts';
import { useSession } from '../session.tsx';
import { useTheme } from '../theme.ts';
import { Confirm } from './confirm.tsx';
import { FindBox } from './find-box.tsx';
import { Freshness } from './freshness.tsx';
import { isSomethingUnsaved } from './leave-guard.tsx';
import { NoticeBar } from './notices.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { StatusStrip } from './status-strip.tsx';
import { TimeTip } from './time-tip.tsx';
import { ZoneChoice } from './zone-choice.tsx';

const PAGES: SideNavigationProps.Link[] = [
  { type: 'link', text: 'Overview', href: `${BASE_PATH}/console/overview` },
  { type: 'link', text: 'Subscriptions', href: `${BASE_PATH}/console/subscriptions` },
  { type: 'link', text: 'Deliveries', href: `${BASE_PATH}/console/deliveries` },
  { type: 'link', text: 'Events', href: `${BASE_PATH}/console/events` },
  { type: 'link', text: 'Replays', href: `${BASE_PATH}/console/replays` },
  { type: 'link', text: 'Event catalogue', href: `${BASE_PATH}/console/catalogue` },
];
const ADMIN_PAGES: SideNavigationProps.Link[] = [
  { type: 'link', text: 'API keys', href: `${BASE_PATH}/console/api-keys` },
  { type: 'link', text: 'Audit trail', href: `${BASE_PATH}/console/audit` },
];

/**
 * The frame around every page. Not Cloudscape's AppLayout: its split panels, tools and drawers would be a fifth of all
 * that a first visit loads, and none is used here.
 */
export function Shell({ children }: { children: ReactNode }) {
  const { isAdmin, isStaff, me } = useSession();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [, , section] = pathname.split('/');
  const menu = useMenu(pathname);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="shell-header">
        <span className="shell-menu">
          <Button
            variant="icon"
            iconName="menu"
            ariaLabel="Menu"
            ariaExpanded={menu.isOpen}
            nativeButtonAttributes={{ 'aria-controls': 'pages' }}
            onClick={menu.toggle}
          />
        </span>
        <strong>Posthorn</strong>
        <span className="shell-who">{isStaff ? 'all organizations' : (me.account ?? me.organization)}</span>
        <FindBox />
        <Shortcuts />
        <Preferences />
      </header>
      <nav className={menu.isOpen ? 'shell-nav open' : 'shell-nav'} id="pages" aria-label="Pages">
        <SideNavigation
          activeHref={`${BASE_PATH}/console/${section}`}
          items={isAdmin ? [...PAGES, { type: 'divider' }, ...ADMIN_PAGES] : PAGES}
          onFollow={(event) => {
            event.preventDefault();
            menu.close();
            void navigate(event.detail.href.slice(BASE_PATH.length));
          }}
        />
      </nav>
      <main className="shell-main" id="content">
        <NoticeBar />
        {isStaff && <StatusStrip />}
        <Freshness />
        {children}
      </main>
      <TimeTip />
    </div>
  );
}

/** Theme, zone, and the way out. */
function Preferences() {
  const { signOut, portal } = useSession();
  const { dark, toggle } = useTheme();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        variant="inline-link"
        onClick={toggle}
        ariaLabel={dark ? 'Light mode' : 'Dark mode'}
        nativeButtonAttributes={{ 'aria-pressed': dark }}
      >
        {dark ? 'Light' : 'Dark'}
      </Button>
      <span className="shell-zone">
        <ZoneChoice />
      </span>
      <Button variant="inline-link" onClick={() => (isSomethingUnsaved() ? setAsking(true) : signOut())}>
        {portal ? 'Leave' : 'Sign out'}
      </Button>
      {isAsking && (
        <Confirm
          title="Sign out without saving?"
          verb="Sign out"
          close={() => setAsking(false)}
          act={async () => signOut()}
        >
          Your input on this page is not saved.
        </Confirm>
      )}
    </>
  );
}

/** The list of pages where there is no room for it beside them: open until one is chosen, or Esc. */
function useMenu(pathname: string) {
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  useEffect(close, [pathname]);
  useEffect(() => {
    if (!isOpen) return;
    const press = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') close();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [isOpen]);
  return { isOpen, close, toggle: () => setOpen((now) => !now) };
}
