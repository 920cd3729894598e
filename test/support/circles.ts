import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** Files that import each other in a circle, types included: each such set once, by their paths. @param files their code by path. */
export function circlesOf(files: ReadonlyMap<string, string>): string[][] {
  const imports = new Map(
    [...files].map(([path, code]) => [path, importsOf(path, code).filter((one) => files.has(one))]),
  );
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const open: string[] = [];
  // Tarjan's strongly connected components. @returns the lowest place in the order that a file leads back to.
  const visit = (path: string): number => {
    const place = order.size;
    order.set(path, place);
    const from = open.push(path) - 1;
    let lowest = place;
    for (const one of imports.get(path)!) {
      if (!order.has(one)) lowest = Math.min(lowest, visit(one));
      else if (open.includes(one)) lowest = Math.min(lowest, order.get(one)!);
    }
    if (lowest === place) {
      const circle = open.splice(from);
      if (circle.length > 1) circles.push(circle.sort());
    }
    return lowest;
  };
  for (const path of imports.keys()) if (!order.has(path)) visit(path);
  return circles;
}

function importsOf(path: string, code: string): string[] {
  return ts
    .preProcessFile(code)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => join(dirname(path), fileName));
}
