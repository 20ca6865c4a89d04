package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig.Choice;
import dev.runnel.model.NpmPackage;
import java.util.Set;

/** The npm packages that have the files of {@link LlamaV040} for a machine. */
final class NativePackage {

    /** The version of the packages, not of llama.cpp. */
    private static final String VERSION = "3.21.1";

    private NativePackage() {}

    /**
     * The package for a machine.
     *
     * @param natives a package with the parts for CUDA or Vulkan, if that is the choice
     * @throws LlamaUnavailableException if there is no such package
     */
    static NpmPackage of(Platform platform, Choice natives) throws LlamaUnavailableException {
        return switch (natives) {
            case VULKAN -> vulkan(platform);
            case CUDA -> cuda(platform);
            default -> processor(platform);
        };
    }

    private static NpmPackage processor(Platform platform) {
        return switch (platform.folder()) {
            case "Linux/x86_64" ->
                of("linux-x64", "4b5b65a8b2611d8af94349b02d815c0f424a30a0a19aef2be5db25ecfef6730f", 10_582_760);
            case "Linux/aarch64" ->
                of("linux-arm64", "2c4271d060429701d27c7b0fd5ba8e83b37d36c427faf97d54d003d5d73b62dd", 7_213_055);
            case "Mac/x86_64" ->
                of("mac-x64", "3bcc6b2d6d3618098a36c9c01ae3afff1599f336a826cd54b1a55a73ed2159a7", 10_809_280);
            case "Mac/aarch64" ->
                of("mac-arm64-metal", "cd11a52fab1935fde5abd221b5ecf8167686b45e386b6a02df49cb9b2814e9d6", 4_858_447);
            case "Windows/x86_64" ->
                of("win-x64", "9e48b1bf39e41c8b955a20006a3bdfd4861bedbb2661c87f7e29a5207f1ff0e8", 9_787_045);
            default -> of("win-arm64", "458c8c6de4463b5fde16b1fbc69e63a7e878b227ed9614a0a3648d9b40bf2ccb", 4_606_830);
        };
    }

    private static NpmPackage vulkan(Platform platform) throws LlamaUnavailableException {
        return switch (platform.folder()) {
            case "Linux/x86_64" ->
                of("linux-x64-vulkan", "4877be47f01586481615aec277c23c7f660592ce66eec2753ff1dcc967a9a0d2", 27_476_121);
            case "Windows/x86_64" ->
                of("win-x64-vulkan", "105e8207d2114f5f248b217fee7f9b702d0e7509cf0d3c7565dfb9e707f9303e", 26_619_567);
            default -> throw none("vulkan", platform);
        };
    }

    private static NpmPackage cuda(Platform platform) throws LlamaUnavailableException {
        return switch (platform.folder()) {
            case "Linux/x86_64" ->
                of("linux-x64-cuda", "499b4012541cb3e01b3d35e18e7dd2dc546174979494b02dbcc0a6667ed6b7d9", 142_850_036);
            case "Windows/x86_64" ->
                of("win-x64-cuda", "7824fb3d391d32194f3ee537d70ab3e334030cca71a85b855c368f36b251dc83", 138_542_727);
            default -> throw none("cuda", platform);
        };
    }

    private static LlamaUnavailableException none(String natives, Platform platform) {
        return new LlamaUnavailableException("llama.natives: " + natives + " (expected: auto, cpu, or a folder on "
                + platform.folder() + ", for which there is no such npm package)");
    }

    private static NpmPackage of(String name, String sha256, long bytes) {
        return new NpmPackage(
                "@node-llama-cpp",
                name,
                VERSION,
                "bins/" + name,
                Set.of(
                        "llama-addon.node",
                        "llama-addon.lib",
                        "llama-addon.exp",
                        "libllama-common.so",
                        "libllama-common.dylib",
                        "llama-common.dll",
                        "_nlcBuildMetadata.json"),
                sha256,
                bytes);
    }
}
