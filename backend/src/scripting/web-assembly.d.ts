/** The part of WebAssembly that the sandbox uses: Node has it, but TypeScript describes it only in its library for browsers. */
declare namespace WebAssembly {
  class Module {
    private readonly opaque: never;
  }
  class Memory {
    constructor(limits: { readonly initial: number; readonly maximum: number });
    readonly buffer: ArrayBuffer;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
