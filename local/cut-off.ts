/** The caller of a local AWS service gets no answer: its connection is cut. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}
