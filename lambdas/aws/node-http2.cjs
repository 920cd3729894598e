// Stands in bundles for `node:http2`, see lib/constructs/bundling.ts.
module.exports = { constants: {} };
