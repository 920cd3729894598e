export const REGION = 'us-east-1';
export const ACCOUNT = '123456789012';
