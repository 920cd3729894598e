import { Gateway } from './gateway/server.ts';

/** Opens the HTTP API's port. @throws saying how to choose another when it is taken. */
export async function listenForApi(port: number): Promise<Gateway> {
  try {
    return await Gateway.listen(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} is taken by another program. Choose another with "npm start -- --port <n>" or POSTHORN_LOCAL_PORT=<n>; 0 takes a free one.`,
    );
  }
}
