import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import type { Fields } from './form-fields.ts';

type Header = Fields['headers'][number];

/** Further headers: one row each, with what is wrong beside the row. */
export function HeaderRows({
  headers,
  errors,
  change,
}: {
  headers: Header[];
  errors: (string | undefined)[] | undefined;
  change: (headers: Header[]) => void;
}) {
  const setPart = (row: number, part: keyof Header, value: string): void =>
    change(headers.map((header, at) => (at === row ? { ...header, [part]: value } : header)));
  return (
    <AttributeEditor<Header>
      addButtonText="Add a header"
      removeButtonText="Remove"
      empty="None"
      items={headers}
      onAddButtonClick={() => change([...headers, { key: '', value: '' }])}
      onRemoveButtonClick={({ detail }) => change(headers.filter((_, at) => at !== detail.itemIndex))}
      definition={(['key', 'value'] as const).map((part) => ({
        label: part === 'key' ? 'Name' : 'Value',
        errorText: (_item: Header, row: number) => (part === 'key' ? errors?.[row] : undefined),
        control: (item, row) => (
          <Input value={item[part]} onChange={({ detail }) => setPart(row, part, detail.value)} />
        ),
      }))}
    />
  );
}
