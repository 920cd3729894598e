import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { DocsLink } from '../../ui/docs-link.tsx';
import { filterText, mergeFilters, readFilterText, TEMPLATES } from './filter-text.ts';

/** The filter as JSON, and examples of what can be asked for, which are added to what stands there. */
export function FilterEditor({ text, change }: { text: string; change: (text: string) => void }) {
  const read = readFilterText(text);
  const rows = Math.min(Math.max(text.split('\n').length, 4), 20);
  const add = (id: string): void => {
    const template = TEMPLATES.find((one) => one.id === id);
    if (template && read.ok) change(filterText(mergeFilters(read.filter ?? {}, template.filter)));
  };
  return (
    <SpaceBetween size="xs">
      <div className="mono">
        <Textarea
          rows={rows}
          spellcheck={false}
          placeholder={'{"data": {"status": ["cancelled"]}}'}
          value={text}
          onChange={({ detail }) => change(detail.value)}
        />
      </div>
      <SpaceBetween direction="horizontal" size="m" alignItems="center">
        <ButtonDropdown
          items={TEMPLATES.map(({ id, text: label, filter }) => ({
            id,
            text: label,
            secondaryText: JSON.stringify(filter),
          }))}
          disabled={!read.ok}
          {...(!read.ok && { disabledReason: 'The text is not valid JSON yet.' })}
          expandableGroups={false}
          onItemClick={({ detail }) => add(detail.id)}
        >
          Add a condition
        </ButtonDropdown>
        <DocsLink to="receivers#only-what-you-need">All operators</DocsLink>
      </SpaceBetween>
    </SpaceBetween>
  );
}
