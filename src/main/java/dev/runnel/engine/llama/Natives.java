package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig;
import dev.runnel.config.LlamaConfig.Choice;
import dev.runnel.model.FetchListener;
import dev.runnel.model.GgufException;
import dev.runnel.model.GgufHeader;
import dev.runnel.model.PackageStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the library of llama.cpp for a model, and fetches it if needed. */
final class Natives {

    private static final Logger LOG = LoggerFactory.getLogger(Natives.class);

    /** The architectures that {@link LlamaB4916} knows. */
    static final Set<String> BUNDLED_ARCHITECTURES = Set.of(
            "llama",
            "deci",
            "falcon",
            "grok",
            "gpt2",
            "gptj",
            "gptneox",
            "mpt",
            "baichuan",
            "starcoder",
            "refact",
            "bert",
            "nomic-bert",
            "jina-bert-v2",
            "bloom",
            "stablelm",
            "qwen",
            "qwen2",
            "qwen2moe",
            "qwen2vl",
            "phi2",
            "phi3",
            "phimoe",
            "plamo",
            "codeshell",
            "orion",
            "internlm2",
            "minicpm",
            "minicpm3",
            "gemma",
            "gemma2",
            "gemma3",
            "starcoder2",
            "mamba",
            "xverse",
            "command-r",
            "cohere2",
            "dbrx",
            "olmo",
            "olmo2",
            "olmoe",
            "openelm",
            "arctic",
            "deepseek",
            "deepseek2",
            "chatglm",
            "bitnet",
            "t5",
            "t5encoder",
            "jais",
            "nemotron",
            "exaone",
            "rwkv6",
            "rwkv6qwen2",
            "rwkv7",
            "arwkv7",
            "granite",
            "granitemoe",
            "chameleon",
            "wavtokenizer-dec");

    private final LlamaConfig config;
    private final NativeSources sources;

    Natives(LlamaConfig config, PackageStore packages, FetchListener listener) {
        this.config = config;
        this.sources = new NativeSources(config, packages, listener);
    }

    /**
     * What of a model decides which library runs it.
     *
     * @param architecture empty if the head of its file is not valid, which is refused when it is loaded
     * @param experts of a layer
     */
    record Need(String architecture, long experts) {

        /** Nothing is known. */
        private static final Need UNKNOWN = new Need("", 0);

        private boolean isLater() {
            return !architecture.isEmpty() && !BUNDLED_ARCHITECTURES.contains(architecture);
        }

        private boolean isForTheJar() {
            return !isLater() && experts <= LlamaB4916.MAX_EXPERTS;
        }
    }

    /**
     * The folder of the library for a model; empty for the one in the jar. Blocks, for minutes if the library must be
     * fetched.
     *
     * @param file the model's file
     * @throws LlamaUnavailableException if the model needs a library that is not available
     */
    Optional<Path> folder(String model, Path file) throws LlamaUnavailableException {
        if (config.natives() == Choice.FOLDER) {
            return config.folder();
        }
        if (config.natives() == Choice.BUNDLED) {
            return Optional.empty();
        }
        Platform platform = Platform.ofThisMachine();
        Need need = config.natives() == Choice.AUTO ? need(file) : Need.UNKNOWN;
        if (isForTheJar(config.natives(), platform, need)) {
            return Optional.empty();
        }
        try {
            return Optional.of(sources.folder(model, platform));
        } catch (LlamaUnavailableException e) {
            throw new LlamaUnavailableException(why(need) + " is not available: " + e.getMessage(), e);
        }
    }

    /** Whether a model gets the library in the jar. */
    static boolean isForTheJar(Choice natives, Platform platform, Need need) {
        return natives == Choice.AUTO && platform.hasBundled() && need.isForTheJar();
    }

    private static String why(Need need) {
        if (need.isForTheJar()) {
            return "llama.cpp " + LlamaV040.VERSION;
        }
        String lack = need.isLater()
                ? "does not know the architecture " + need.architecture()
                : "has no room for " + need.experts() + " experts";
        return "llama.cpp " + LlamaB4916.VERSION + " in the jar " + lack + ", and " + LlamaV040.VERSION;
    }

    private static Need need(Path file) {
        try {
            GgufHeader header = GgufHeader.read(file);
            boolean isName = header.architecture().chars().allMatch(c -> c > ' ' && c < 0x7f);
            return isName ? new Need(header.architecture(), header.experts()) : Need.UNKNOWN;
        } catch (GgufException e) {
            LOG.debug("{} is not a valid GGUF file", file, e);
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file, e);
        }
        return Need.UNKNOWN;
    }
}
