import { App } from 'aws-cdk-lib';
import { writeCatalogue } from '../scripts/catalogue.ts';
import { buildConsole } from '../scripts/console.ts';
import { addCompliancePacks } from './compliance-packs.ts';
import { createApp } from './create-app.ts';

// First, so that a new event type's file and the console are in the bundles.
writeCatalogue();
await buildConsole();
const app = createApp(new App());
await addCompliancePacks(app);
app.synth();
