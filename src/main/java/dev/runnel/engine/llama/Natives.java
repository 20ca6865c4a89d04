package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig;
import dev.runnel.model.GgufException;
import dev.runnel.model.GgufHeader;
import dev.runnel.model.ModelUnavailableException;
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
    private final PackageStore packages;

    Natives(LlamaConfig config, PackageStore packages) {
        this.config = config;
        this.packages = packages;
    }

    /**
     * The folder of the library for a model; empty for the one in the jar. Blocks, for minutes if the library must be
     * fetched.
     *
     * @param file the model's file
     * @throws LlamaUnavailableException if the model needs a library that is not available
     */
    Optional<Path> folder(String model, Path file) throws LlamaUnavailableException {
        if (!config.mayFetch()) {
            return config.folder();
        }
        String architecture = architecture(file);
        if (architecture.isEmpty() || BUNDLED_ARCHITECTURES.contains(architecture)) {
            return Optional.empty();
        }
        try {
            Platform platform = Platform.ofThisMachine();
            NativeLlama.checkSystem();
            return Optional.of(NativePackage.fetch(platform, packages, model));
        } catch (ModelUnavailableException | LlamaUnavailableException e) {
            throw new LlamaUnavailableException(
                    "llama.cpp " + LlamaB4916.VERSION + " in the jar does not know the architecture " + architecture
                            + ", and " + LlamaV040.VERSION + " is not available: " + e.getMessage(),
                    e);
        }
    }

    /** The architecture in the head of a file; empty if the head is not valid, which is refused when it is loaded. */
    private static String architecture(Path file) {
        try {
            String architecture = GgufHeader.read(file).architecture();
            return architecture.chars().allMatch(c -> c > ' ' && c < 0x7f) ? architecture : "";
        } catch (GgufException e) {
            LOG.debug("{} is not a valid GGUF file", file, e);
        } catch (IOException e) {
            LOG.debug("{} cannot be read", file, e);
        }
        return "";
    }
}
