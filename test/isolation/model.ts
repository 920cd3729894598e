import fc from 'fast-check';
import { operationsOf } from '../support/open-api.ts';
import { startTenants } from '../support/tenants.ts';
import { ACTIONS, type Choice } from './actions.ts';
import { World } from './world.ts';

/** How many organizations share the platform. */
export const ORGANIZATIONS = 5;
/** How many of them are accounts of one organization. */
const ACCOUNTS = 2;
/** Actions between two fresh sets of organizations at most. */
const ACTIONS_PER_WORLD = 400;

/** What a run did. */
export interface IsolationReport {
  actions: number;
  /** Answers looked at for anything foreign. */
  answers: number;
  /** Of which granted something. */
  granted: number;
  worlds: number;
  /** How often each action was done. */
  byName: Record<string, number>;
}

/** One action, as fast-check draws, prints and shrinks it. */
class Action implements fc.AsyncCommand<object, World> {
  readonly name: string;
  readonly choice: Choice;
  private readonly count: (name: string) => void;

  constructor(name: string, choice: Choice, count: (name: string) => void) {
    this.name = name;
    this.choice = choice;
    this.count = count;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, world: World): Promise<void> {
    const { caller, target, pick, variant } = this.choice;
    this.count(this.name);
    await ACTIONS[this.name]!({
      world,
      caller: world.organizations[caller]!,
      target: world.organizations[target]!,
      pick,
      variant,
    });
  }

  toString(): string {
    return `${this.name}(${JSON.stringify(this.choice)})`;
  }
}

/**
 * Does random actions of five organizations on the real handlers until there were `actions` of them, and looks at every
 * answer. @throws with fast-check's seed, path and shortest sequence when an answer tells one organization anything of
 * another's, or grants or refuses what the model does not.
 */
export async function checkIsolation(actions: number, seed: number): Promise<IsolationReport> {
  const tenants = await startTenants();
  const report: IsolationReport = { actions: 0, answers: 0, granted: 0, worlds: 0, byName: {} };
  const count = (name: string): void => {
    report.actions += 1;
    report.byName[name] = (report.byName[name] ?? 0) + 1;
  };
  try {
    const operations = await operationsOf(tenants);
    const property = fc.asyncProperty(commandsOf(count), async (commands) => {
      const world = await World.create(tenants, operations, ORGANIZATIONS, ACCOUNTS);
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      report.worlds += 1;
      report.answers += world.answers;
      report.granted += world.granted;
      tenants.lines();
    });
    for (let round = 0; report.actions < actions; round++)
      await fc.assert(property, { seed: seed + round, numRuns: 1 });
    return report;
  } finally {
    await tenants.close();
  }
}

function commandsOf(count: (name: string) => void) {
  const choice = fc.record<Choice>({
    caller: fc.nat(ORGANIZATIONS - 1),
    target: fc.nat(ORGANIZATIONS - 1),
    pick: fc.nat(1000),
    variant: fc.nat(1000),
  });
  const action = (name: string) => choice.map((chosen) => new Action(name, chosen, count));
  return fc.commands(Object.keys(ACTIONS).map(action), { maxCommands: ACTIONS_PER_WORLD, size: 'max' });
}
