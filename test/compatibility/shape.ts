/** What readers of some samples rely on: which members are always there, and of which type each is. */
export interface Shape {
  /** Empty: nobody has seen one. */
  types: string[];
  /** Of an object: what is always there, and what each member is. */
  required?: string[];
  members?: Record<string, Shape>;
  /** Of a list: what its elements are. */
  of?: Shape;
}

const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return value instanceof Set ? 'set' : typeof value;
};

/** The shape that all samples have: what is in each of them is required, as nobody has ever read one without it. */
export function shapeOf(samples: readonly unknown[]): Shape {
  const types = [...new Set(samples.map(typeOf))].sort();
  if (types.length === 1 && types[0] === 'object') {
    const objects = samples as Record<string, unknown>[];
    const names = [...new Set(objects.flatMap((one) => Object.keys(one)))].sort();
    return {
      types: ['object'],
      required: names.filter((name) => objects.every((one) => Object.hasOwn(one, name))),
      members: Object.fromEntries(
        names.map((name) => [name, shapeOf(objects.filter((one) => Object.hasOwn(one, name)).map((one) => one[name]))]),
      ),
    };
  }
  if (types.length === 1 && types[0] === 'list') {
    return { types: ['list'], of: shapeOf((samples as unknown[][]).flat()) };
  }
  return { types };
}

/** What readers of this shape would miss in a value, or take for something else; a sentence each. */
export function faultsIn(shape: Shape, value: unknown, path: string): string[] {
  const type = typeOf(value);
  if (shape.types.length > 0 && !shape.types.includes(type)) {
    return [`${path} is of type ${type}, older versions know ${shape.types.join(', ')}`];
  }
  const { of, members, required = [] } = shape;
  if (of) return (value as unknown[]).flatMap((one, n) => faultsIn(of, one, `${path}[${n}]`));
  if (!members) return [];
  const object = value as Record<string, unknown>;
  const missing = required.filter((name) => !Object.hasOwn(object, name));
  const known = Object.entries(members).filter(([name]) => Object.hasOwn(object, name));
  return [
    ...missing.map((name) => `${path}.${name} is missing, older versions have always had it`),
    ...known.flatMap(([name, member]) => faultsIn(member, object[name], `${path}.${name}`)),
  ];
}
