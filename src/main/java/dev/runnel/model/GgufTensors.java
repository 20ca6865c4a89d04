package dev.runnel.model;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the list of tensors in a GGUF file: the numbers of each tensor lie within the file. */
final class GgufTensors {

    private static final GgufRange COUNT = new GgufRange(0, 16_384);
    private static final GgufRange NAME_BYTES = new GgufRange(1, 63);
    private static final GgufRange DIMENSIONS = new GgufRange(1, 4);
    private static final GgufRange DIMENSION = new GgufRange(1, Integer.MAX_VALUE);

    /** This many numbers are stored together in this many bytes. */
    private record Block(int numbers, int bytes) {}

    /** By the number of the type in ggml. Others were removed from it, or no model uses them. */
    private static final Map<Integer, Block> BLOCKS = Map.ofEntries(
            Map.entry(0, new Block(1, 4)), // F32
            Map.entry(1, new Block(1, 2)), // F16
            Map.entry(2, new Block(32, 18)), // Q4_0
            Map.entry(3, new Block(32, 20)), // Q4_1
            Map.entry(6, new Block(32, 22)), // Q5_0
            Map.entry(7, new Block(32, 24)), // Q5_1
            Map.entry(8, new Block(32, 34)), // Q8_0
            Map.entry(9, new Block(32, 36)), // Q8_1
            Map.entry(10, new Block(256, 84)), // Q2_K
            Map.entry(11, new Block(256, 110)), // Q3_K
            Map.entry(12, new Block(256, 144)), // Q4_K
            Map.entry(13, new Block(256, 176)), // Q5_K
            Map.entry(14, new Block(256, 210)), // Q6_K
            Map.entry(15, new Block(256, 292)), // Q8_K
            Map.entry(16, new Block(256, 66)), // IQ2_XXS
            Map.entry(17, new Block(256, 74)), // IQ2_XS
            Map.entry(18, new Block(256, 98)), // IQ3_XXS
            Map.entry(19, new Block(256, 50)), // IQ1_S
            Map.entry(20, new Block(32, 18)), // IQ4_NL
            Map.entry(21, new Block(256, 110)), // IQ3_S
            Map.entry(22, new Block(256, 82)), // IQ2_S
            Map.entry(23, new Block(256, 136)), // IQ4_XS
            Map.entry(24, new Block(1, 1)), // I8
            Map.entry(25, new Block(1, 2)), // I16
            Map.entry(26, new Block(1, 4)), // I32
            Map.entry(27, new Block(1, 8)), // I64
            Map.entry(28, new Block(1, 8)), // F64
            Map.entry(29, new Block(256, 56)), // IQ1_M
            Map.entry(30, new Block(1, 2)), // BF16
            Map.entry(34, new Block(256, 54)), // TQ1_0
            Map.entry(35, new Block(256, 66)), // TQ2_0
            Map.entry(39, new Block(32, 17))); // MXFP4

    /** The place of a tensor after the head. */
    private record Tensor(String name, long bytes, long offset) {}

    private final GgufInput in;
    private final long alignment;
    private final Set<String> names = new HashSet<>();
    private final List<Tensor> tensors = new ArrayList<>();

    private GgufTensors(GgufInput in, long alignment) {
        this.in = in;
        this.alignment = alignment;
    }

    static void check(GgufInput in, long count, long alignment) throws IOException {
        COUNT.checked("tensor_count", count);
        GgufTensors list = new GgufTensors(in, alignment);
        for (long i = 0; i < count; i++) {
            list.read("tensor_infos[" + i + "].name");
        }
        list.checkPlaces();
    }

    private void read(String field) throws IOException {
        byte[] bytes = in.bytes(GgufMetadata.length(in, field, NAME_BYTES), field);
        String name = GgufMetadata.ascii(field, bytes);
        if (!names.add(name)) {
            throw new GgufException(field, name, "a name that no other tensor has");
        }
        long[] shape = new long[(int) DIMENSIONS.checked(name + ".n_dimensions", in.u32(name))];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = DIMENSION.checked(name + ".dimensions[" + i + "]", in.u64(name));
        }
        long size = size(name, shape, in.u32(name));
        tensors.add(new Tensor(name, size, in.u64(name + ".offset")));
    }

    private long size(String name, long[] shape, long type) throws GgufException {
        Block block = type > Byte.MAX_VALUE ? null : BLOCKS.get((int) type);
        if (block == null) {
            throw new GgufException(name + ".type", type, "a type of ggml, such as 0 for F32");
        }
        if (shape[0] % block.numbers() != 0) {
            throw new GgufException(
                    name + ".dimensions[0]", shape[0], "a multiple of " + block.numbers() + " for type " + type);
        }
        long bytes = shape[0] / block.numbers() * block.bytes();
        for (int i = 0; i < shape.length; i++) {
            long factor = i == 0 ? 1 : shape[i];
            if (bytes > in.size() / factor) {
                throw new GgufException(
                        name + ".dimensions[" + i + "]",
                        shape[i],
                        "a tensor of at most " + in.size() + " bytes, the file");
            }
            bytes *= factor;
        }
        return bytes;
    }

    private void checkPlaces() throws GgufException {
        long start = (in.position() + alignment - 1) / alignment * alignment;
        for (Tensor tensor : tensors) {
            String field = tensor.name() + ".offset";
            if (tensor.offset() % alignment != 0) {
                throw new GgufException(field, tensor.offset(), "a multiple of " + alignment);
            }
            if (tensor.offset() > in.size() - start - tensor.bytes()) {
                throw new GgufException(
                        field,
                        tensor.offset(),
                        tensor.bytes() + " bytes after byte " + start + " of a file of " + in.size() + " bytes");
            }
        }
    }
}
