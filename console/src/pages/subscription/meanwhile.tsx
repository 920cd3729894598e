import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { isChanged, type Draft } from './draft.ts';
import { LABELS, wordsOf, type FieldName } from './form-fields.ts';

/** What others changed while this form was open; where both changed the same, the person chooses. */
export function Meanwhile({
  draft,
  choose,
}: {
  draft: Draft;
  choose: (name: FieldName, whose: 'mine' | 'theirs') => void;
}) {
  const { taken, theirs, base, mine } = draft;
  const disputed = Object.keys(theirs) as FieldName[];
  return (
    <div role="alert">
      <SpaceBetween size="s">
        {taken.length > 0 && (
          <Alert type="info" header="Somebody has changed this subscription">
            <ul>
              {taken.map(({ name, was }) => (
                <li key={name}>
                  {LABELS[name]}: <q>{was}</q> became <q>{wordsOf(name, base)}</q>
                </li>
              ))}
            </ul>
            The form shows the new values. {isChanged(draft) && 'Save stores only your own changes.'}
          </Alert>
        )}
        {disputed.map((name) => (
          <Alert
            key={name}
            type="warning"
            header={`Somebody changed ${LABELS[name]} too`}
            action={
              <SpaceBetween direction="horizontal" size="xs">
                <Button onClick={() => choose(name, 'mine')} ariaLabel={`Keep mine: ${LABELS[name]}`}>
                  Keep mine
                </Button>
                <Button onClick={() => choose(name, 'theirs')} ariaLabel={`Take theirs: ${LABELS[name]}`}>
                  Take theirs
                </Button>
              </SpaceBetween>
            }
          >
            Before: <q>{wordsOf(name, base)}</q>. Theirs: <q>{wordsOf(name, { ...mine, ...theirs })}</q>. Yours:{' '}
            <q>{wordsOf(name, mine)}</q>.
          </Alert>
        ))}
      </SpaceBetween>
    </div>
  );
}
