import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { isRepeated, repeatDelay } from './api/repeat.ts';
import { App } from './app.tsx';
import { BASE_PATH } from './base-path.ts';
import { SessionProvider } from './session.tsx';
import { startTheme } from './theme.ts';

startTheme();
const queries = new QueryClient({
  defaultOptions: { queries: { retry: isRepeated, retryDelay: repeatDelay, staleTime: 1000 } },
});

// A router that knows where a link leads before it goes there: a form that was changed asks first.
const router = createBrowserRouter([{ path: '*', element: <App /> }], { basename: BASE_PATH || '/' });

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SessionProvider>
        <I18nProvider locale="en" messages={[messages]}>
          <RouterProvider router={router} />
        </I18nProvider>
      </SessionProvider>
    </QueryClientProvider>
  </StrictMode>,
);
