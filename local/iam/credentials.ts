/** Credentials as the SDK takes them. */
export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Temporary credentials have one. */
  sessionToken: string | undefined;
}

/** Credentials in the shape of the SDK's options. */
export function sdkCredentials({
  sessionToken,
  ...keys
}: Credentials): Omit<Credentials, 'sessionToken'> & { sessionToken?: string } {
  return { ...keys, ...(sessionToken ? { sessionToken } : {}) };
}
