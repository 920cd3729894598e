/**
 * Waits for a conditional write.
 * @returns what it returned, or undefined when its condition did not hold.
 * @throws any other error.
 */
export async function unlessConditionFails<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}
