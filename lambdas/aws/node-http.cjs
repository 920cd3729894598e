// Stands in bundles for `node:http`, see lib/constructs/bundling.ts.
module.exports = process.getBuiltinModule('node:http');
