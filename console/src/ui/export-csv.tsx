import { useRef, useState } from 'react';
import Button from '@cloudscape-design/components/button';
import { counted } from './counted.ts';
import { readCsv, type CsvPage } from './csv-pages.ts';
import { download } from './download.ts';
import { messageOf, useNotify } from './notices.tsx';

/** Everything that fits the filters of a list as a file for a spreadsheet: the API's own CSV, page after page. */
export function ExportCsv({
  name,
  readPage,
}: {
  /** Of the file, without its ending. */
  name: string;
  readPage: (cursor: string | undefined) => Promise<CsvPage>;
}) {
  const notify = useNotify();
  const [count, setCount] = useState<number>();
  const stopped = useRef(false);
  const run = async (): Promise<void> => {
    stopped.current = false;
    setCount(0);
    try {
      const { text, records, isCut } = await readCsv(readPage, {
        told: setCount,
        isStopped: () => stopped.current,
      });
      download(`${name}.csv`, text);
      const rows = counted(records, 'row');
      notify({
        type: isCut ? 'info' : 'success',
        text: isCut ? `The file has the first ${rows}; there are more.` : `The file has ${rows}.`,
      });
    } catch (error) {
      notify({ type: 'error', text: messageOf(error) });
    }
    setCount(undefined);
  };
  if (count === undefined) return <Button onClick={() => void run()}>Export CSV</Button>;
  return <Button onClick={() => (stopped.current = true)}>{`${count} rows. Stop here`}</Button>;
}
