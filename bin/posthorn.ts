import { App } from 'aws-cdk-lib';
import { writeCatalogue } from '../scripts/catalogue.ts';
import { createApp } from './create-app.ts';

// First, so that a new event type's file is in the bundles.
writeCatalogue();
createApp(new App()).synth();
