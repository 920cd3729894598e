/** What any function costs. */
export const handler = async (): Promise<object> => ({});
