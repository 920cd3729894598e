import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes, useLocation } from 'react-router';
import { loadPage } from './load-page.ts';
import { NotFound } from './pages/not-found.tsx';
import { OpenPortal } from './pages/open-portal.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { PORTAL_PATH, useSessionState } from './session.tsx';
import { NoticesProvider } from './ui/notices.tsx';
import { PageBoundary, PageLoading } from './ui/page-boundary.tsx';
import { Shell } from './ui/shell.tsx';

// Each page is a file of its own, loaded when it is first opened.
const Overview = lazy(() => loadPage(() => import('./pages/overview/page.tsx')));
const Subscriptions = lazy(() => loadPage(() => import('./pages/subscriptions.tsx')));
const SubscriptionPage = lazy(() => loadPage(() => import('./pages/subscription/page.tsx')));
const SubscriptionForm = lazy(() => loadPage(() => import('./pages/subscription/form-page.tsx')));
const Events = lazy(() => loadPage(() => import('./pages/events.tsx')));
const EventPage = lazy(() => loadPage(() => import('./pages/event.tsx')));
const Deliveries = lazy(() => loadPage(() => import('./pages/deliveries/page.tsx')));
const Find = lazy(() => loadPage(() => import('./pages/find/page.tsx')));
const Catalogue = lazy(() => loadPage(() => import('./pages/catalogue.tsx')));
const Replays = lazy(() => loadPage(() => import('./pages/replays/page.tsx')));
const ApiKeys = lazy(() => loadPage(() => import('./pages/api-keys.tsx')));
const Organization = lazy(() => loadPage(() => import('./pages/organization.tsx')));
const Audit = lazy(() => loadPage(() => import('./pages/audit.tsx')));

/** The page that the address names; whoever is not signed in is asked first, and then gets exactly that page. */
export function App() {
  const { session, isAsking } = useSessionState();
  const { pathname } = useLocation();
  if (pathname === PORTAL_PATH) return <OpenPortal />;
  if (!session) return isAsking ? <PageLoading /> : <SignIn />;
  // What was told goes with who was signed in: an undo acts with their key.
  return (
    <NoticesProvider>
      <Shell>
        <PageBoundary>
          <Suspense fallback={<PageLoading />}>
            <Routes>
              <Route path="/console/overview" element={<Overview />} />
              <Route path="/console/subscriptions" element={<Subscriptions />} />
              <Route path="/console/subscriptions/new" element={<SubscriptionForm />} />
              <Route path="/console/subscriptions/:id" element={<SubscriptionPage />} />
              <Route path="/console/subscriptions/:id/edit" element={<SubscriptionForm />} />
              <Route path="/console/events" element={<Events />} />
              <Route path="/console/events/:id" element={<EventPage />} />
              <Route path="/console/deliveries" element={<Deliveries />} />
              <Route path="/console/find" element={<Find />} />
              <Route path="/console/catalogue" element={<Catalogue />} />
              <Route path="/console/replays" element={<Replays />} />
              {session.isAdmin && <Route path="/console/api-keys" element={<ApiKeys />} />}
              {session.isAdmin && <Route path="/console/audit" element={<Audit />} />}
              {session.isAdmin && <Route path="/console/organizations/:organization" element={<Organization />} />}
              {['/', '/console', '/console/api-keys', '/console/audit'].map((path) => (
                <Route key={path} path={path} element={<Navigate to="/console/overview" replace />} />
              ))}
              <Route path="*" element={<NotFound />} />
            </Routes>
          </Suspense>
        </PageBoundary>
      </Shell>
    </NoticesProvider>
  );
}
