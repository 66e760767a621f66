import protobuf from 'protobufjs/minimal.js';

// 64-bit integers become JavaScript numbers: twice as fast as Long objects, and the codec refuses what does not fit.
// The generated code looks at `util.Long` while it is being evaluated, so it imports the runtime from here.
Object.assign(protobuf.util, { Long: null });
protobuf.configure();

export { protobuf };
