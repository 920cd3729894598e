// Node warns of what will hurt, e.g. of listeners that pile up on one signal (MaxListenersExceededWarning). Nobody reads it
// between two thousand tests, so it fails the file in which it comes up.
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') throw warning;
});
