// The parts of `undici` that `undici.ts` loads one by one: the package declares their types for the whole alone.
declare module 'undici/lib/api/index.js' {
  const methods: object;
  export default methods;
}
declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici';
}
declare module 'undici/lib/dispatcher/dispatcher.js' {
  export { Dispatcher as default } from 'undici';
}
declare module 'undici/lib/dispatcher/proxy-agent.js' {
  export { ProxyAgent as default } from 'undici';
}
