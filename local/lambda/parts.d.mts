export function writeParts(parts: readonly string[]): string;
export function createPartsReader(take: (parts: string[]) => void): (bytes: Buffer) => void;
