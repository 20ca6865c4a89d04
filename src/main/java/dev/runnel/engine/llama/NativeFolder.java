package dev.runnel.engine.llama;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder with the files of {@link LlamaV040}: {@code libllama}, the parts of ggml that it needs, and a part of ggml
 * for each kind of processor.
 *
 * @param folder absolute
 * @param library the file of {@code libllama}
 */
record NativeFolder(Path folder, Path library) {

    static NativeFolder of(Path folder) throws LlamaUnavailableException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(NativeFolder::isLibrary).toList();
            if (found.size() == 1) {
                return new NativeFolder(folder, found.get(0));
            }
            throw new LlamaUnavailableException(folder + " has " + found.size()
                    + " libraries of llama.cpp (expected: one file libllama.*, with those of ggml beside it)");
        } catch (IOException e) {
            throw new LlamaUnavailableException(
                    folder + " cannot be read (expected: a folder with the libraries of llama.cpp)", e);
        }
    }

    private static boolean isLibrary(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("libllama.") && (name.endsWith(".so") || name.endsWith(".dylib"));
    }
}
