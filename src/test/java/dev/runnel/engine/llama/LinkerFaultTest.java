package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.LlamaConfig.Choice;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the linkers of Linux, macOS and Windows say, in one sentence for an operator. */
class LinkerFaultTest {

    private static final String JNA = "Unable to load library '/n/libllama.so':\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "/lib/libc.so.6: version `GLIBC_2.38' not found (required by /n/libllama.so)"
                        + "|it needs glibc 2.38 or later, which this system does not have; use a newer system",
                "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /n/libllama.so)"
                        + "|it needs a libstdc++ with GLIBCXX_3.4.32, which this system does not have; use a newer",
                "libgomp.so.1: cannot open shared object file: No such file or directory|it needs libgomp.so.1, which"
                        + " this system does not have; install it: apt-get install libgomp1",
                "libcudart.so.12: cannot open shared object file: No such file or directory"
                        + "|it needs libcudart.so.12, which this system does not have",
                "Error relocating /n/libllama.so: __isoc23_strtol: symbol not found"
                        + "|it needs glibc, and this system has another C library; use a newer system",
                "/n/libllama.so: wrong ELF class: ELFCLASS32|it is not a library for this kind of machine",
                "dlopen(/n/libllama.dylib, 0x0001): (mach-o file, but is an incompatible architecture)"
                        + "|it is not a library for this kind of machine",
                "Error looking up function 'llama_version': /n/libllama.so: undefined symbol: llama_version"
                        + "|it lacks a function of the version that this program needs",
                "The specified module could not be found.|The specified module could not be found."
            })
    void reasonIsASentence(String linker, String sentence) {
        assertThat(LinkerFault.inWords(JNA + linker + "\n"))
                .startsWith(sentence)
                .doesNotContain("\n", "JNA");
    }

    @Test
    void fileThatIsNoLibraryIsRefusedWithTheReason(@TempDir Path folder) throws Exception {
        for (String name : new String[] {"libllama.so", "libggml-base.so", "libggml-cpu.so"}) {
            Files.writeString(folder.resolve(name), "no library ".repeat(1000));
        }

        assertThatThrownBy(() -> NativeLlama.load(NativeFolder.of(folder, Choice.FOLDER)))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessage("llama.cpp's library " + folder.resolve("libllama.so")
                        + " does not load: it is not a library for this kind of machine");
    }
}
