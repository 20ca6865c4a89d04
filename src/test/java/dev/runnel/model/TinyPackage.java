package dev.runnel.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** An npm package as its registry sends it: a gzipped tar archive. */
final class TinyPackage {

    private static final int BLOCK = 512;

    private TinyPackage() {}

    /** @param files the content by path; a path that ends with {@code @} is a link, and its content the target */
    static byte[] archive(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                boolean isLink = file.getKey().endsWith("@");
                if (isLink) {
                    String path = file.getKey().substring(0, file.getKey().length() - 1);
                    out.write(header(path, '2', 0, file.getValue()));
                } else {
                    out.write(header(file.getKey(), '0', content.length, ""));
                    out.write(content);
                    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
                }
            }
            out.write(new byte[2 * BLOCK]);
        }
        return bytes.toByteArray();
    }

    private static byte[] header(String path, char type, int size, String target) {
        byte[] header = new byte[BLOCK];
        put(header, 0, path);
        put(header, 124, String.format(Locale.ROOT, "%011o", size));
        header[156] = (byte) type;
        put(header, 157, target);
        put(header, 257, "ustar");
        put(header, 148, "        ");
        int sum = 0;
        for (byte each : header) {
            sum += each & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    static NpmPackage of(byte[] archive) {
        String hash = Downloads.hashOf(archive);
        return new NpmPackage("@tiny", "linux", "1.0.0", "bins/linux", Set.of("addon.node"), hash, archive.length);
    }
}
