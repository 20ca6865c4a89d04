package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder with the files of {@link LlamaV040}: {@code libllama} and libraries of ggml. Each kind of processor and GPU
 * has one of its own. On Windows their names lack {@code lib}.
 *
 * @param folder absolute
 * @param library the file of {@code libllama}
 * @param base the libraries of ggml that have the functions of {@link Ggml}
 */
record NativeFolder(Path folder, Path library, List<Path> base) {

    private static final List<String> ENDS = List.of(".so", ".dylib", ".dll");
    private static final String PREFIX = "lib";

    /** The library in a folder. Refuses a set that lacks what the configuration needs. */
    static NativeFolder of(Path folder, Choice natives) throws LlamaUnavailableException {
        List<Path> files = files(folder);
        List<Path> found = startingWith(files, "llama.");
        if (found.size() != 1) {
            throw new LlamaUnavailableException(folder + " has " + found.size()
                    + " libraries of llama.cpp (expected: one file libllama.*, with those of ggml beside it)");
        }
        require(folder, files, "ggml-base");
        require(folder, files, "ggml-cpu");
        if (natives == Choice.VULKAN) {
            require(folder, files, "ggml-vulkan");
        }
        if (natives == Choice.CUDA) {
            require(folder, files, "ggml-cuda");
        }
        List<Path> base = Stream.of("ggml.", "ggml-base")
                .flatMap(name -> startingWith(files, name).stream())
                .toList();
        return new NativeFolder(folder, found.get(0), base);
    }

    private static List<Path> files(Path folder) throws LlamaUnavailableException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            ENDS.stream().anyMatch(end -> file.toString().endsWith(end)))
                    .toList();
        } catch (IOException e) {
            throw new LlamaUnavailableException(
                    folder + " cannot be read (expected: a folder with the libraries of llama.cpp)", e);
        }
    }

    private static void require(Path folder, List<Path> files, String name) throws LlamaUnavailableException {
        if (startingWith(files, name).isEmpty()) {
            throw new LlamaUnavailableException(
                    folder + " has no library lib" + name + " (expected: all libraries of llama.cpp v0.4.0)");
        }
    }

    private static List<Path> startingWith(List<Path> files, String start) {
        return files.stream()
                .filter(file -> {
                    String name = file.getFileName().toString();
                    return name.startsWith(start) || name.startsWith(PREFIX + start);
                })
                .toList();
    }
}
