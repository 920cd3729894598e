import { useRef, useState } from 'react';
import Button from '@cloudscape-design/components/button';
import { bodyOf } from '../../api/client.ts';
import type { Delivery } from '../../api/types.ts';
import { useSession } from '../../session.tsx';
import { messageOf, useNotify } from '../../ui/notices.tsx';
import { toCsv } from './csv.ts';

/** A spreadsheet that anybody reads; and no tab that holds more. */
const MOST = 10_000;
const PAGE = '100';

/** Everything that fits the filters as a file for a spreadsheet, page after page. */
export function Export({ filters }: { filters: Record<string, string | undefined> }) {
  const { client } = useSession();
  const notify = useNotify();
  const [count, setCount] = useState<number>();
  const stopped = useRef(false);
  const run = async (): Promise<void> => {
    stopped.current = false;
    setCount(0);
    const rows: Delivery[] = [];
    try {
      let cursor: string | undefined;
      do {
        const query = { ...filters, limit: PAGE, cursor };
        const page = await bodyOf(client.GET('/v1/deliveries', { params: { query } }));
        rows.push(...page.data);
        setCount(rows.length);
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined && rows.length < MOST && !stopped.current);
      save('deliveries.csv', toCsv(rows));
      const isCut = cursor !== undefined;
      notify({
        type: isCut ? 'info' : 'success',
        text: isCut
          ? `The file has the first ${rows.length} rows; there are more.`
          : `The file has ${rows.length} rows.`,
      });
    } catch (error) {
      notify({ type: 'error', text: messageOf(error) });
    }
    setCount(undefined);
  };
  if (count === undefined) return <Button onClick={() => void run()}>Export CSV</Button>;
  return <Button onClick={() => (stopped.current = true)}>{`${count} rows. Stop here`}</Button>;
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
