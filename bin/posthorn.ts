import { App } from 'aws-cdk-lib';
import { writeCatalogue } from '../scripts/catalogue.ts';
import { addCompliancePacks } from './compliance-packs.ts';
import { createApp } from './create-app.ts';

// First, so that a new event type's file is in the bundles.
writeCatalogue();
const app = createApp(new App());
await addCompliancePacks(app);
app.synth();
