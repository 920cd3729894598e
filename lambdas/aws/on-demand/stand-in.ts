// What stands in bundles for the SDK, until it has a call to make. Hot calls are posted without it (../fast-path), so most functions
// live and die without needing it, and its 400 KB were half of what a cold start compiled. package.json's imports, under the condition
// `bundled`, and lib/constructs/bundling.ts put these modules in the place of the packages; everything else runs with the packages.

/** A package of the SDK, or what is used of it. */
type Package = Record<string, unknown>;

interface Client {
  send(command: unknown, ...rest: unknown[]): Promise<object>;
  middlewareStack: { add(...middleware: unknown[]): void };
  config: { retryStrategy: () => Promise<object> };
}

/** A call, as data. */
interface Command {
  readonly input: object;
  /** The SDK's own command of this name. */
  of(sdk: Package): unknown;
}

/** Makes the class of a command; like the SDK's, it holds its input. */
export function command<Sdk extends object>(name: keyof Sdk & string): new (input: object) => Command {
  return class implements Command {
    readonly input: object;

    constructor(input: object) {
      this.input = input;
    }

    of(sdk: Package): unknown {
      return new (sdk[name] as new (input: object) => unknown)(this.input);
    }
  };
}

/** A client that becomes the SDK's with its first call. */
export class OnDemand<Sdk extends object> {
  readonly #load: () => Promise<Sdk>;
  readonly #make: (sdk: Sdk) => Client;
  readonly #middleware: unknown[][] = [];
  #loaded: Promise<{ sdk: Sdk; client: Client }> | undefined;

  /** @param make creates the SDK's client. */
  constructor(load: () => Promise<Sdk>, make: (sdk: Sdk) => object) {
    this.#load = load;
    this.#make = make as (sdk: Sdk) => Client;
  }

  readonly middlewareStack = { add: (...middleware: unknown[]): void => void this.#middleware.push(middleware) };

  readonly config = {
    retryStrategy: async (): Promise<object> => (await this.#client()).client.config.retryStrategy(),
  };

  async send(command: Command, ...rest: unknown[]): Promise<object> {
    const { sdk, client } = await this.#client();
    return client.send(command.of(sdk as Package), ...rest);
  }

  #client(): Promise<{ sdk: Sdk; client: Client }> {
    this.#loaded ??= this.#load().then((sdk) => {
      const client = this.#make(sdk);
      for (const one of this.#middleware) client.middlewareStack.add(...one);
      return { sdk, client };
    });
    return this.#loaded;
  }
}

/** Makes the class of a client that is made of its settings alone. */
export function client<Sdk extends object>(
  load: () => Promise<Sdk>,
  name: keyof Sdk & string,
): new (settings: object) => OnDemand<Sdk> {
  return class extends OnDemand<Sdk> {
    constructor(settings: object) {
      super(load, (sdk) => new (sdk[name] as new (settings: object) => object)(settings));
    }
  };
}
