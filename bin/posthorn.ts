import { App } from 'aws-cdk-lib';
import { createApp } from './create-app.ts';

createApp(new App()).synth();
