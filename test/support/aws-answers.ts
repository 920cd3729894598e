/** The class of an AWS client, whose every object answers what a test says. */
interface ClientClass {
  prototype: { send: unknown };
}
type Command<Input extends object, Output extends object> = new (input: Input) => {
  input: Input;
  /** Only by its type: what the command answers. */
  resolveMiddleware(...given: never[]): (...given: never[]) => Promise<{ output: Output }>;
};
type AnyCommand = Command<never, object>;
type Answer = (input: never) => unknown;

/** What one command is answered. */
export interface Answers<Input extends object, Output extends object> {
  /** The next call that is not answered yet; after that as said before or after. */
  resolvesOnce(output: Partial<Output>): Answers<Input, Output>;
  resolves(output: Partial<Output>): void;
  rejects(error: Error): void;
  calls(answer: (input: Input) => object): void;
}

export interface AnsweredClient {
  /** @returns how to say what the command is answered; what was said before is forgotten. */
  on<Input extends object, Output extends object>(command: Command<Input, Output>): Answers<Input, Output>;
  /** Inputs of the command's calls, oldest first. */
  inputs<Input extends object>(command: new (input: Input) => { input: Input }): Input[];
  /** Forgets answers and calls. */
  reset(): void;
}

/** Lets all objects of an AWS client's class answer what is said, without any call; in this test file only. */
export function answersOf(client: ClientClass): AnsweredClient {
  const answers = new Map<AnyCommand, { next: Answer[]; always: Answer }>();
  const sent: { constructor: unknown; input: unknown }[] = [];
  client.prototype.send = async (command: { constructor: AnyCommand; input: never }): Promise<unknown> => {
    sent.push(command);
    const said = answers.get(command.constructor);
    if (said === undefined)
      throw new Error(`Expected an answer to ${command.constructor.name}, got none: say it by on().`);
    return (said.next.shift() ?? said.always)(command.input);
  };
  return {
    on: (command) => {
      const said = { next: [] as Answer[], always: (() => ({})) as Answer };
      answers.set(command as unknown as AnyCommand, said);
      const made: ReturnType<AnsweredClient['on']> = {
        resolvesOnce: (output) => (said.next.push(() => output), made),
        resolves: (output) => void (said.always = () => output),
        rejects: (error) => void (said.always = () => Promise.reject(error)),
        calls: (answer) => void (said.always = answer as Answer),
      };
      return made as never;
    },
    inputs: (command) => sent.filter((one) => one.constructor === command).map(({ input }) => input as never),
    reset: () => {
      answers.clear();
      sent.length = 0;
    },
  };
}
