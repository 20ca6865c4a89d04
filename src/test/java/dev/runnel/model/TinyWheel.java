package dev.runnel.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the wheel of a Python package {@code tinymodel} 1.0: the minimum that pip accepts. */
final class TinyWheel {

    static final String FILE_NAME = "tinymodel-1.0-py3-none-any.whl";
    static final String MEMBER = "tinymodel/model.gguf";

    private TinyWheel() {}

    static Path write(Path folder, Map<String, byte[]> members) throws IOException {
        Path wheel = Files.createDirectories(folder).resolve(FILE_NAME);
        try (OutputStream out = Files.newOutputStream(wheel);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            add(zip, "tinymodel-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinymodel\nVersion: 1.0\n");
            add(
                    zip,
                    "tinymodel-1.0.dist-info/WHEEL",
                    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            add(zip, "tinymodel-1.0.dist-info/RECORD", "");
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                add(zip, member.getKey(), member.getValue());
            }
        }
        return wheel;
    }

    private static void add(ZipOutputStream zip, String name, String text) throws IOException {
        add(zip, name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void add(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }
}
