import { useEffect, type ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';
import Button from '@cloudscape-design/components/button';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { useSession } from '../session.tsx';
import { useTheme } from '../theme.ts';
import { NoticeBar } from './notices.tsx';

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
  useEffect(() => {
    const page = [...PAGES, ...ADMIN_PAGES].find(({ href }) => href === `/console/${section}`)?.text;
    document.title = page ? `${page} · Posthorn` : 'Posthorn';
  }, [section]);
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
        <Button variant="inline-link" onClick={signOut}>
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
        {children}
      </main>
    </div>
  );
}
