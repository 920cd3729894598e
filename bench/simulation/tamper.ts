import { encodeDeliveryMessage, encodeEvent } from '../../lambdas/domain/messages/codec.ts';
import type { DeliveryFields } from '../../lambdas/domain/messages/deliveries.ts';
import type { DeliveryMessage } from '../../lambdas/domain/messages/messages.ts';
import type { RecoveryDeps } from '../../lambdas/recovery/ports.ts';
import type { ReconcileDeps } from '../../lambdas/recovery/reconcile.ts';
import type { SenderDeps } from '../../lambdas/sender/ports.ts';
import { createSender } from '../../lambdas/sender/sender.ts';
import type { Container } from './container.ts';
import type { Received } from './queue.ts';
import type { Stage } from './stage.ts';
import { reconcileDeps, recoveryDeps } from './recovery-deps.ts';
import { senderDeps } from './sender-deps.ts';
import { REAL_STAGES, recoveryOf, type Stages } from './stages.ts';
import type { World } from './world.ts';

// How mutants are made out of the real stages.

/** The body of a message as no stage writes it. */
export function forged({ v: _, event, ...fields }: DeliveryMessage): string {
  return encodeDeliveryMessage(encodeEvent(event), fields as DeliveryFields);
}

/** A sender whose dependencies or messages are tampered with. */
export function senderWith(
  tamper: (deps: SenderDeps, world: World) => Partial<SenderDeps>,
  messages: (received: readonly Received[]) => Received[] = (received) => [...received],
): Pick<Stages, 'sender'> {
  return {
    sender(world, container, lane): Stage {
      const deps = senderDeps(world, container);
      const sender = createSender({ ...deps, ...tamper(deps, world) });
      return (received, remainingMs) => sender({ lane, messages: messages(received), remainingMs });
    },
  };
}

/** A stage whose answer to SQS is tampered with. */
export function answering(
  stage: 'fanOut' | 'sender',
  tamper: (real: () => Promise<readonly string[]>, received: readonly Received[]) => Promise<readonly string[]>,
): Partial<Stages> {
  const wrap =
    (real: Stage): Stage =>
    (received, remainingMs) =>
      tamper(() => real(received, remainingMs), received);
  return stage === 'fanOut'
    ? { fanOut: (world, container) => wrap(REAL_STAGES.fanOut(world, container)) }
    : { sender: (world, container, lane) => wrap(REAL_STAGES.sender(world, container, lane)) };
}

/** A recovery whose dependencies are tampered with; the reconciler stays as it is. */
export function recoveryWith(
  tamper: (deps: RecoveryDeps, world: World) => Partial<RecoveryDeps>,
): Pick<Stages, 'recovery'> {
  return {
    recovery(world, container) {
      const deps = recoveryDeps(world, container);
      return recoveryOf(world, container, { ...deps, ...tamper(deps, world) });
    },
  };
}

/** A reconciler whose dependencies are tampered with; the rest of recovery stays as it is. */
export function reconcilerWith(tamper: (deps: ReconcileDeps) => Partial<ReconcileDeps>): Pick<Stages, 'recovery'> {
  return {
    recovery(world, container) {
      const deps = reconcileDeps(world, container);
      return recoveryOf(world, container, recoveryDeps(world, container), { ...deps, ...tamper(deps) });
    },
  };
}

/** A container whose promises to the stage are broken by `call`. */
export function through(container: Container, call: Container['call']): Container {
  const broken = Object.create(container) as Container;
  broken.call = call;
  return broken;
}
