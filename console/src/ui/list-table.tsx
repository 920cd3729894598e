import Checkbox from '@cloudscape-design/components/checkbox';
import Spinner from '@cloudscape-design/components/spinner';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { PHONE, useNarrow } from './use-narrow.ts';

/** A table; on a phone, where its columns would be off the screen, a list of cards with the same cells. */
export function ListTable<Item>(props: TableProps<Item>) {
  return useNarrow(PHONE) ? <CardList {...props} /> : <Table {...props} />;
}

function CardList<Item>(props: TableProps<Item>) {
  const { items, columnDefinitions, visibleColumns, ariaLabels, header, filter, pagination, footer, trackBy } = props;
  const shown = columnDefinitions.filter(({ id }) => visibleColumns === undefined || visibleColumns.includes(id!));
  const heading = shown.find(({ isRowHeader }) => isRowHeader);
  const keyOf = (item: Item): string =>
    String(typeof trackBy === 'function' ? trackBy(item) : item[trackBy as keyof Item]);
  return (
    <div className="card-list">
      {header}
      {filter}
      {props.loading ? (
        <div>
          <Spinner /> {props.loadingText}
        </div>
      ) : items.length === 0 ? (
        props.empty
      ) : (
        <ul aria-label={ariaLabels?.tableLabel} className={props.selectionType === 'multi' ? 'selectable' : undefined}>
          {items.map((item) => (
            <li key={keyOf(item)}>
              {props.selectionType === 'multi' && <Selection of={props} item={item} keyOf={keyOf} />}
              {heading && <div className="card-heading">{heading.cell(item)}</div>}
              <dl>
                {shown
                  .filter((column) => column !== heading)
                  .map((column) => (
                    <div key={column.id}>
                      <dt>{column.header}</dt>
                      <dd>{column.cell(item)}</dd>
                    </div>
                  ))}
              </dl>
            </li>
          ))}
        </ul>
      )}
      {footer}
      {pagination}
    </div>
  );
}

/** A row's checkbox. */
function Selection<Item>({
  of: { selectedItems = [], onSelectionChange, ariaLabels },
  item,
  keyOf,
}: {
  of: TableProps<Item>;
  item: Item;
  keyOf: (item: Item) => string;
}) {
  const others = selectedItems.filter((other) => keyOf(other) !== keyOf(item));
  const isSelected = others.length < selectedItems.length;
  return (
    <Checkbox
      checked={isSelected}
      ariaLabel={ariaLabels?.itemSelectionLabel?.({ selectedItems }, item) ?? 'Choose'}
      onChange={() => {
        const detail = { selectedItems: isSelected ? others : [...others, item] };
        onSelectionChange?.(new CustomEvent('change', { detail }));
      }}
    />
  );
}
