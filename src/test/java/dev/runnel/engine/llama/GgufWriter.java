package dev.runnel.engine.llama;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a GGUF file, version 3, of 32-bit floats: what the tests need of the format, and no more. */
final class GgufWriter {

    private static final int ALIGNMENT = 32;
    private static final int CAPACITY = 4 << 20;

    private enum Type {
        UINT32(4),
        INT32(5),
        FLOAT32(6),
        BOOL(7),
        STRING(8),
        ARRAY(9);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    private record Tensor(String name, IntBuffer dimensions, FloatBuffer values) {}

    private final ByteBuffer pairs = ByteBuffer.allocate(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Tensor> tensors = new ArrayList<>();
    private int pairCount;

    GgufWriter number(String key, int value) {
        key(key, Type.UINT32).putInt(value);
        return this;
    }

    GgufWriter number(String key, float value) {
        key(key, Type.FLOAT32).putFloat(value);
        return this;
    }

    GgufWriter flag(String key, boolean value) {
        key(key, Type.BOOL).put((byte) (value ? 1 : 0));
        return this;
    }

    GgufWriter text(String key, String value) {
        key(key, Type.STRING);
        put(pairs, value);
        return this;
    }

    GgufWriter texts(String key, List<String> values) {
        key(key, Type.ARRAY).putInt(Type.STRING.code).putLong(values.size());
        values.forEach(value -> put(pairs, value));
        return this;
    }

    GgufWriter numbers(String key, List<Integer> values) {
        key(key, Type.ARRAY).putInt(Type.INT32.code).putLong(values.size());
        values.forEach(pairs::putInt);
        return this;
    }

    /** @param dimensions the fastest running one first */
    GgufWriter tensor(String name, float[] values, int... dimensions) {
        tensors.add(new Tensor(name, IntBuffer.wrap(dimensions), FloatBuffer.wrap(values)));
        return this;
    }

    void write(Path file) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(StandardCharsets.US_ASCII)).putInt(3);
        out.putLong(tensors.size()).putLong(pairCount).put(pairs.flip());
        int offset = 0;
        for (Tensor tensor : tensors) {
            put(out, tensor.name);
            out.putInt(tensor.dimensions.remaining());
            for (int dimension : tensor.dimensions.array()) {
                out.putLong(dimension);
            }
            out.putInt(0).putLong(offset);
            offset = aligned(offset + tensor.values.remaining() * Float.BYTES);
        }
        for (Tensor tensor : tensors) {
            out.position(aligned(out.position()));
            for (float value : tensor.values.array()) {
                out.putFloat(value);
            }
        }
        out.position(aligned(out.position()));
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        Files.write(file, bytes);
    }

    private ByteBuffer key(String key, Type type) {
        pairCount++;
        put(pairs, key);
        return pairs.putInt(type.code);
    }

    private static void put(ByteBuffer target, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        target.putLong(utf8.length).put(utf8);
    }

    private static int aligned(int position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
