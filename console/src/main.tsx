import SideNavigation from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import Flashbar from '@cloudscape-design/components/flashbar';
import Button from '@cloudscape-design/components/button';
import Table from '@cloudscape-design/components/table';
import Modal from '@cloudscape-design/components/modal';
import Input from '@cloudscape-design/components/input';
import FormField from '@cloudscape-design/components/form-field';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, Routes } from 'react-router';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
const q = new QueryClient();
createRoot(document.getElementById('root')!).render(
  <QueryClientProvider client={q}>
    <BrowserRouter>
      <Routes />
      <TopNavigation identity={{ href: '/' }} />
      <Modal visible={false} />
      <FormField>
        <Input value="" />
      </FormField>
      <SideNavigation />
      <Flashbar items={[]} />
      <Table items={[]} columnDefinitions={[]} header={<Button>a</Button>} />
    </BrowserRouter>
  </QueryClientProvider>,
);
