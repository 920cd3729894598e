import { useState, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import Button from '@cloudscape-design/components/button';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useSession } from '../session.tsx';
import { useTheme } from '../theme.ts';
import { Confirm } from './confirm.tsx';
import { isSomethingUnsaved } from './leave-guard.tsx';
import { NoticeBar } from './notices.tsx';
import { StaleMark } from './stale-mark.tsx';
import { ZONE } from './time.tsx';

const PAGES: SideNavigationProps.Link[] = [
  { type: 'link', text: 'Overview', href: '/console/overview' },
  { type: 'link', text: 'Subscriptions', href: '/console/subscriptions' },
  { type: 'link', text: 'Events', href: '/console/events' },
  { type: 'link', text: 'Replays', href: '/console/replays' },
  { type: 'link', text: 'Event catalogue', href: '/console/catalogue' },
];
const ADMIN_PAGES: SideNavigationProps.Link[] = [
  { type: 'link', text: 'API keys', href: '/console/api-keys' },
  { type: 'link', text: 'Audit trail', href: '/console/audit' },
];

/**
 * The frame around every page. Not Cloudscape's AppLayout: its split panels, tools and drawers would be a fifth of all
 * that a first visit loads, and none is used here.
 */
export function Shell({ children }: { children: ReactNode }) {
  const { isAdmin, me, signOut } = useSession();
  const { dark, toggle } = useTheme();
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const [, , section] = pathname.split('/');
  const [isAsking, setAsking] = useState(false);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="shell-header">
        <strong>Posthorn</strong>
        <span className="shell-who">{isAdmin ? 'all organizations' : me.organization}</span>
        <Button
          variant="inline-link"
          onClick={toggle}
          ariaLabel={dark ? 'Light mode' : 'Dark mode'}
          nativeButtonAttributes={{ 'aria-pressed': dark }}
        >
          {dark ? 'Light' : 'Dark'}
        </Button>
        <span className="shell-zone">Times: {ZONE}</span>
        <Button variant="inline-link" onClick={() => (isSomethingUnsaved() ? setAsking(true) : signOut())}>
          Sign out
        </Button>
      </header>
      <nav className="shell-nav" aria-label="Pages">
        <SideNavigation
          activeHref={`/console/${section}`}
          items={isAdmin ? [...PAGES, { type: 'divider' }, ...ADMIN_PAGES] : PAGES}
          onFollow={(event) => {
            event.preventDefault();
            void navigate(event.detail.href);
          }}
        />
      </nav>
      <main className="shell-main" id="content">
        <NoticeBar />
        <StaleMark />
        {children}
      </main>
      {isAsking && (
        <Confirm
          title="Sign out without saving?"
          verb="Sign out"
          close={() => setAsking(false)}
          act={async () => signOut()}
        >
          What you typed on this page is not stored.
        </Confirm>
      )}
    </div>
  );
}
