/** A filter as it stands in the form: JSON, or nothing. */
export type FilterText = { ok: true; filter: Record<string, unknown> | undefined } | { ok: false; error: string };

/** What somebody typed. The API judges what a filter may say; here is only asked whether it is an object of JSON at all. */
export function readFilterText(text: string): FilterText {
  if (text.trim() === '') return { ok: true, filter: undefined };
  try {
    const filter: unknown = JSON.parse(text);
    if (isObject(filter)) return { ok: true, filter };
    return { ok: false, error: 'Expected an object: {"data": {…}}.' };
  } catch (error) {
    return {
      ok: false,
      error: `This is not valid JSON yet: ${error instanceof Error ? error.message : String(error)}.`,
    };
  }
}

/** A filter as the form shows it. */
export function filterText(filter: unknown): string {
  if (filter === undefined) return '';
  return typeof filter === 'string' ? filter : JSON.stringify(filter, null, 2);
}

/** The same text for filters that differ in blanks alone; what is no JSON is taken letter by letter. */
export function filterMeaning(text: string): string {
  const read = readFilterText(text);
  return read.ok && read.filter ? JSON.stringify(read.filter) : text.trim();
}

/** A filter that asks for what both ask for. Where both name values of a field, either will do. */
export function mergeFilters(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const own = merged[name];
    if (isObject(own) && isObject(value)) merged[name] = mergeFilters(own, value);
    else if (Array.isArray(own) && Array.isArray(value))
      merged[name] = [...(own as unknown[]), ...(value as unknown[])];
    else merged[name] = value;
  }
  return merged;
}

/** An operator that can be put into a filter, by what people call it. */
export interface Template {
  id: string;
  text: string;
  filter: Record<string, unknown>;
}

const ofData = (id: string, text: string, field: string, value: unknown): Template => ({
  id,
  text,
  filter: { data: { [field]: [value] } },
});

export const TEMPLATES: readonly Template[] = [
  ofData('exact', 'A field is exactly this', 'status', 'cancelled'),
  ofData('prefix', 'Text that begins with', 'status', { prefix: 'no_' }),
  ofData('suffix', 'Text that ends so', 'email', { suffix: '@example.com' }),
  ofData('ignore-case', 'Text, whatever its case', 'city', { 'equals-ignore-case': 'berlin' }),
  ofData('anything-but', 'Anything but these', 'status', { 'anything-but': ['draft', 'test'] }),
  ofData('numeric', 'A number in a range', 'amount_due', { numeric: ['>=', 1000, '<', 5000] }),
  ofData('exists', 'A field is there', 'invoice_id', { exists: true }),
  ofData('missing', 'A field does not exist', 'cancelled_at', { exists: false }),
  {
    id: 'either',
    text: 'One or the other',
    filter: { $or: [{ type: ['visit.ended'] }, { data: { status: ['cancelled'] } }] },
  },
  { id: 'where', text: 'Where it was triggered', filter: { triggering_location: ['PATIENT_PORTAL'] } },
  { id: 'resource', text: 'One resource', filter: { resource_id: ['28540'] } },
];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
