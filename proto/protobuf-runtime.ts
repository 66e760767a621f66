import protobuf from 'protobufjs/minimal.js';

/**
 * The protobuf library as the generated code gets it. Configured here, before that code is evaluated:
 * 64-bit integers are JavaScript numbers (twice as fast as Long objects; the decoder's caller refuses what exceeds
 * 2^53), and a number that its field cannot hold is an error instead of silently another number.
 */
Object.assign(protobuf.util, { Long: null });
protobuf.configure();
refuseOutOfRange('uint32', (value) => value === value >>> 0);
refuseOutOfRange('int32', (value) => value === (value | 0));
refuseOutOfRange('uint64', (value) => Number.isSafeInteger(value) && value >= 0);

function refuseOutOfRange(type: 'uint32' | 'int32' | 'uint64', fits: (value: number) => boolean): void {
  const { prototype } = protobuf.Writer;
  const write = prototype[type];
  prototype[type] = function writeChecked(this: protobuf.Writer, value: number) {
    if (!fits(value)) throw new RangeError(`${String(value)} does not fit a field of type ${type}`);
    return write.call(this, value);
  };
}

export { protobuf };
