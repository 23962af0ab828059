/** An icon's SVG source, from the build's text loader for `.svg`. */
declare module '*.svg' {
  const source: string;
  export default source;
}
