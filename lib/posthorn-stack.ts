import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Posthorn } from './posthorn.ts';
import type { Settings } from './settings.ts';
import type { Tables } from './tables.ts';

export interface PosthornStackProps extends StackProps {
  tables: Tables;
  settings: Settings;
}

/** The stack of everything that can be made anew. */
export class PosthornStack extends Stack {
  constructor(scope: Construct, id: string, { tables, settings, ...props }: PosthornStackProps) {
    super(scope, id, props);
    // `Default` leaves no trace in logical ids, and none in the outputs' names.
    new Posthorn(this, 'Default', { ...settings, tables });
  }
}
