package dev.runnel.engine.llama;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A processor or a GPU that ggml can use.
 *
 * @param name such as {@code Vulkan0}
 * @param description the name of the hardware
 * @param part the part of ggml that it belongs to, such as {@code Vulkan}
 * @param type one of the constants
 * @param pointer ggml's own record of it; null in tests alone
 */
record Device(
        String name,
        String description,
        String part,
        int type,
        @Nullable Pointer pointer) {

    /** {@code GGML_BACKEND_DEVICE_TYPE_CPU}. */
    static final int PROCESSOR = 0;

    /** {@code GGML_BACKEND_DEVICE_TYPE_GPU}: with memory of its own. */
    static final int GPU = 1;

    /** {@code GGML_BACKEND_DEVICE_TYPE_IGPU}: shares the memory of the processor. */
    static final int INTEGRATED_GPU = 2;

    /** Asks ggml, whose parts are loaded. */
    static List<Device> list(Ggml ggml) {
        List<Device> devices = new ArrayList<>();
        long count = ggml.function("ggml_backend_dev_count").invokeLong(new Object[0]);
        for (long i = 0; i < count; i++) {
            Pointer device = ggml.function("ggml_backend_dev_get").invokePointer(new Object[] {i});
            Object[] itself = {device};
            Pointer part = ggml.function("ggml_backend_dev_backend_reg").invokePointer(itself);
            devices.add(new Device(
                    ggml.function("ggml_backend_dev_name").invokeString(itself, false),
                    ggml.function("ggml_backend_dev_description").invokeString(itself, false),
                    ggml.function("ggml_backend_reg_name").invokeString(new Object[] {part}, false),
                    ggml.function("ggml_backend_dev_type").invokeInt(itself),
                    device));
        }
        return devices;
    }

    /** For the log and for messages. */
    String inWords() {
        return name + " (" + description.strip() + ")";
    }
}
