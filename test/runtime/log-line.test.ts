import { describe, expect, it } from 'vitest';
import { createLogger } from '../../lambdas/runtime/logger.ts';
import { createMetrics } from '../../lambdas/runtime/metrics.ts';
import { isErrorLine, isLogLine } from '../support/log-line.ts';

/** What the logger and the metrics of a function write. */
function written(): { info: string; error: string; metrics: string } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const logger = createLogger('api', { write });
  logger.info('request', { text: '"level":"ERROR"', status: 200 });
  logger.error('request failed');
  const metrics = createMetrics('api', { write });
  metrics.count('Requests', 1);
  metrics.flush();
  return { info: lines[0]!, error: lines[1]!, metrics: lines[2]! };
}

describe('a line of a function', () => {
  it('is told from what else a process writes', () => {
    const { info, error, metrics } = written();

    expect([info, error, metrics].filter(isLogLine)).toEqual([info, error, metrics]);
    expect([' ✓ test/api/access.test.ts\n', '{"type":"report"}\n', new Uint8Array(3)].filter(isLogLine)).toEqual([]);
  });

  it('is about an error when its level says so', () => {
    const { info, error, metrics } = written();

    expect([info, error, metrics].filter(isErrorLine)).toEqual([error]);
  });
});
