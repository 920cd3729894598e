/** Real-looking events of the three kinds of platform that Posthorn was made for. All names and numbers are invented. */
export const DEMO_EVENTS = [
  {
    type: 'visit.ended',
    triggering_location: 'PATIENT_PORTAL',
    resource_id: '28540',
    data: {
      id: '28540',
      member_id: '60610',
      provider_id: null,
      start: 1546950546,
      end: 1546951446,
      actual_start: 1546950546,
      actual_end: 1546950555,
      status: 'cancelled',
      status_updated_by: '60610',
    },
  },
  {
    type: 'shift.updated',
    triggering_location: 'DASHBOARD',
    resource_id: '123e4567-e89b-12d3-a456-426614174000',
    data: {
      shift_id: '123e4567-e89b-12d3-a456-426614174000',
      is_canceled: true,
      clinician_id: '987e6543-e21a-45b3-c567-789101112131',
      time_zone: 'America/New_York',
      start_datetime: '2026-05-01T08:00:00-04:00',
      end_datetime: '2026-05-01T16:00:00-04:00',
      notes: 'Cover for a colleague',
      rrule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR',
    },
  },
  {
    type: 'medical-encounters.created',
    triggering_location: 'API',
    resource_id: '63b0d7f2a1c4e5f6a7b8c9d0',
    data: {
      id: '63b0d7f2a1c4e5f6a7b8c9d0',
      type: 'outpatient',
      facility: 'org_demo',
      patient: 'pat_51c7e0',
      encounterType: 'new',
      doctors: ['acc_1b9d44'],
      createdAt: '2026-01-01T00:46:42.000Z',
    },
  },
] as const;
