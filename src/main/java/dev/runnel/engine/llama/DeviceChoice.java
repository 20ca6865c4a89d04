package dev.runnel.engine.llama;

import dev.runnel.config.LlamaConfig.Choice;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The GPUs on which models run.
 *
 * @param gpus empty for the processor alone
 * @param present all that ggml found
 */
record DeviceChoice(List<Device> gpus, List<Device> present) {

    /**
     * Chooses. A GPU with memory of its own comes before one that shares the processor's. Without any, models run on
     * the processor, unless the configuration names a kind of GPU.
     *
     * @throws LlamaUnavailableException if the configuration names a kind of GPU that is missing
     */
    static DeviceChoice of(Choice natives, List<Device> present) throws LlamaUnavailableException {
        List<Device> gpus = ofType(Device.GPU, natives, present);
        if (gpus.isEmpty()) {
            gpus = ofType(Device.INTEGRATED_GPU, natives, present);
        }
        if (gpus.isEmpty() && isRequired(natives)) {
            throw new LlamaUnavailableException("llama.natives: " + inWords(natives) + " (expected: a GPU with a driver"
                    + " for it; found: " + inWords(present) + "); set llama.natives: auto to use the processor");
        }
        return new DeviceChoice(gpus, present);
    }

    private static List<Device> ofType(int type, Choice natives, List<Device> present) {
        return present.stream()
                .filter(device -> device.type() == type && isWanted(natives, device))
                .toList();
    }

    private static boolean isWanted(Choice natives, Device device) {
        return switch (natives) {
            case AUTO, FOLDER -> true;
            case BUNDLED, CPU -> false;
            case VULKAN -> device.part().equals("Vulkan");
            case CUDA -> device.part().equals("CUDA");
        };
    }

    private static boolean isRequired(Choice natives) {
        return natives == Choice.VULKAN || natives == Choice.CUDA;
    }

    /** As the configuration has it. */
    private static String inWords(Choice natives) {
        return natives.name().toLowerCase(Locale.ROOT);
    }

    private static String inWords(List<Device> devices) {
        return devices.isEmpty()
                ? "none"
                : devices.stream().map(Device::inWords).collect(Collectors.joining(", "));
    }

    /** For the log. */
    String inWords() {
        return gpus.isEmpty() ? "the processor; found: " + inWords(present) : inWords(gpus);
    }
}
