package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import dev.runnel.model.GgufException;
import dev.runnel.model.GgufHeader;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** A loaded model. Loaded, used and closed on the engine thread. */
final class LlamaModel {

    private final Llama llama;
    private final Pointer model;
    private final OwningThread owner = OwningThread.current();
    private final Vocabulary vocabulary;

    private LlamaModel(Llama llama, Pointer model) {
        this.llama = llama;
        this.model = model;
        this.vocabulary = new Vocabulary(llama, llama.llama_model_get_vocab(model));
    }

    /** Loads a GGUF file, which needs seconds for a large one. */
    static LlamaModel load(Path file, LlamaLibrary library) throws LlamaUnavailableException {
        Llama llama = library.llama();
        checkHeader(file, llama);
        library.log().removeError();
        Pointer model = llama.loadModel(systemPath(file.toAbsolutePath()));
        if (model == null) {
            throw new LlamaUnavailableException(
                    file + " does not load: " + library.log().removeError()
                            + " (expected: a complete file of a model that llama.cpp " + llama.version() + " knows)");
        }
        if (!isTextGenerator(llama, model)) {
            llama.llama_model_free(model);
            throw new LlamaUnavailableException(
                    file + " is not a model that this engine runs (expected: a decoder with attention)");
        }
        return new LlamaModel(llama, model);
    }

    /** The native loader trusts much of the header: a false value there may end the process. */
    private static void checkHeader(Path file, Llama llama) throws LlamaUnavailableException {
        try {
            GgufHeader header = GgufHeader.read(file);
            if (header.experts() > llama.maxExperts()) {
                throw new LlamaUnavailableException(file + " does not load: " + header.architecture()
                        + ".expert_count: " + header.experts() + " (expected: at most " + llama.maxExperts()
                        + ", for which llama.cpp " + llama.version() + " has room)");
            }
        } catch (GgufException e) {
            throw new LlamaUnavailableException(file + " is not a valid GGUF file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new LlamaUnavailableException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean isTextGenerator(Llama llama, Pointer model) {
        return llama.llama_model_has_decoder(model) != 0
                && llama.llama_model_has_encoder(model) == 0
                && llama.llama_model_is_recurrent(model) == 0
                && llama.llama_vocab_type(llama.llama_model_get_vocab(model)) != Llama.LLAMA_VOCAB_TYPE_NONE;
    }

    /** The path for llama.cpp: in the system's encoding, on Windows in UTF-8, terminated by NUL. */
    private static byte[] systemPath(Path path) {
        String name = com.sun.jna.Platform.isWindows() ? "UTF-8" : System.getProperty("sun.jnu.encoding", "UTF-8");
        Charset charset = Charset.forName(name);
        return (path + "\0").getBytes(charset);
    }

    /** The library that loaded it. */
    Llama llama() {
        return llama;
    }

    /** For {@link LlamaContext}. */
    Pointer pointer() {
        return model;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The context length that it was trained for, in tokens. */
    int trainedContext() {
        return llama.llama_model_n_ctx_train(model);
    }

    /** The width of its layers. */
    int width() {
        return llama.llama_model_n_embd(model);
    }

    /** The chat template in the file, in Jinja. */
    Optional<String> chatTemplate() {
        return Optional.ofNullable(llama.llama_model_chat_template(model, null))
                .map(text -> text.getString(0, StandardCharsets.UTF_8.name()));
    }

    /** Frees the model. Its contexts must be closed before. */
    void close() {
        assert owner.isCurrent();
        vocabulary.close();
        llama.llama_model_free(model);
    }
}
