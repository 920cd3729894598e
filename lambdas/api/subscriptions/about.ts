/** What a record of the audit trail is about. */
export function about(
  row: { organization?: unknown; id?: unknown },
  what: 'created' | 'changed' | 'deleted' | 'paused' | 'resumed',
) {
  const object = { type: 'subscription', id: String(row.id), organization: String(row.organization) } as const;
  return { action: `subscription.${what}`, ...object } as const;
}
