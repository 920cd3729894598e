import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import { Link } from '../ui/link.tsx';
import { useTitle } from '../ui/title.ts';

/** For an address that no page has: a link that was cut, or typed wrongly. */
export function NotFound() {
  useTitle('No such page');
  return (
    <Box>
      <Header variant="h1">This page does not exist</Header>
      <Box variant="p">
        Check that the whole address was copied, or go to the <Link to="/console/overview">overview</Link>.
      </Box>
    </Box>
  );
}
