/** A file as text: Vite's own way to import one. */
declare module '*?raw' {
  const text: string;
  export default text;
}
