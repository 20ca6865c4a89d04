package dev.runnel.engine.llama;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The functions of ggml that come with a library of llama.cpp.
 *
 * @param libraries where they are looked for. On Linux and macOS those of {@code libllama} include the libraries that
 *     it needs; Windows has no such search
 */
record Ggml(List<NativeLibrary> libraries) {

    /** A function by its name in {@code ggml-backend.h}. */
    Function function(String name) {
        UnsatisfiedLinkError missing = new UnsatisfiedLinkError(name);
        for (NativeLibrary library : libraries) {
            try {
                return library.getFunction(name);
            } catch (UnsatisfiedLinkError e) {
                missing = e;
            }
        }
        throw missing;
    }

    /** Loads the parts for this processor and for devices. */
    void load(String folder) {
        function("ggml_backend_load_all_from_path").invokeVoid(new Object[] {nulTerminated(folder)});
    }

    /** A function of one part. */
    Function function(Pointer registry, String name) {
        return Function.getFunction(function("ggml_backend_reg_get_proc_address")
                .invokePointer(new Object[] {registry, nulTerminated(name)}));
    }

    private static byte[] nulTerminated(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }
}
