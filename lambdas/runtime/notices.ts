import { PutEventsCommand, type EventBridgeClient } from '#aws-sdk/client-eventbridge';
import { PublishCommand, type SNSClient } from '#aws-sdk/client-sns';
import { errorFields, type Logger } from './logger.ts';

/** What operators and other systems are told about. */
export type NoticeKind = 'endpoint.down' | 'endpoint.recovered' | 'subscription.paused' | 'subscription.deactivated';

export interface Notice {
  kind: NoticeKind;
  /** The mail's subject line: ASCII, at most 100 characters. */
  subject: string;
  /** For people: what happened, what follows, what to do. Nothing of any payload. */
  text: string;
  /** For systems: ids, times, counts. */
  detail: Record<string, string | number>;
}

/** Tells people (SNS) and systems (EventBridge). */
export interface Notifier {
  /** Tries both. @returns false when one of them failed; never throws. */
  tell(notice: Notice): Promise<boolean>;
}

/** `source` of the entries on the event bus. */
export const NOTICE_SOURCE = 'posthorn';
/** SNS refuses longer subjects. */
const MAX_SUBJECT = 100;

export interface NotifierProps {
  sns: SNSClient;
  topicArn: string;
  eventBridge: EventBridgeClient;
  busName: string;
  logger: Logger;
}

export function createNotifier({ sns, topicArn, eventBridge, busName, logger }: NotifierProps): Notifier {
  const publish = async ({ kind, subject, text, detail }: Notice): Promise<void> => {
    await sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: subject.slice(0, MAX_SUBJECT),
        Message: `${text}\n\n${JSON.stringify(detail, null, 2)}\n`,
        MessageAttributes: { kind: { DataType: 'String', StringValue: kind } },
      }),
    );
  };
  const put = async ({ kind, detail }: Notice): Promise<void> => {
    const { Entries = [] } = await eventBridge.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: busName, Source: NOTICE_SOURCE, DetailType: kind, Detail: JSON.stringify(detail) }],
      }),
    );
    // A 200 may still say that the entry failed.
    const code = Entries[0]?.ErrorCode;
    if (code !== undefined) throw new Error(code);
  };
  return {
    async tell(notice) {
      const results = await Promise.allSettled([publish(notice), put(notice)]);
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled') continue;
        const to = index === 0 ? 'topic' : 'event bus';
        logger.error('notice not delivered', { kind: notice.kind, to, ...errorFields(result.reason) });
      }
      return results.every(({ status }) => status === 'fulfilled');
    },
  };
}
