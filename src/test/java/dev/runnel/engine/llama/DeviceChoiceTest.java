package dev.runnel.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.config.LlamaConfig.Choice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The devices of machines that the tests do not have. */
class DeviceChoiceTest {

    private static final int ACCELERATOR = 3;

    private static final Device PROCESSOR = device("CPU", "Some CPU ", "CPU", Device.PROCESSOR);
    private static final Device BLAS = device("BLAS", "Accelerate", "BLAS", ACCELERATOR);
    private static final Device CARD = device("Vulkan0", "Big card", "Vulkan", Device.GPU);
    private static final Device SECOND_CARD = device("Vulkan1", "Other card", "Vulkan", Device.GPU);
    private static final Device BUILT_IN = device("Vulkan2", "Built in", "Vulkan", Device.INTEGRATED_GPU);
    private static final Device CUDA = device("CUDA0", "Big card", "CUDA", Device.GPU);
    private static final Device METAL = device("MTL0", "Some Mac", "MTL", Device.GPU);

    @Test
    void cardsComeBeforeAGpuThatSharesTheMemory() throws Exception {
        List<Device> present = List.of(CARD, BUILT_IN, SECOND_CARD, PROCESSOR);

        assertThat(gpus(Choice.VULKAN, present)).containsExactly(CARD, SECOND_CARD);
        assertThat(gpus(Choice.FOLDER, present)).containsExactly(CARD, SECOND_CARD);
        assertThat(gpus(Choice.VULKAN, List.of(PROCESSOR, BUILT_IN))).containsExactly(BUILT_IN);
    }

    @Test
    void kindOfTheConfigurationDecidesAmongTwo() throws Exception {
        List<Device> present = List.of(CARD, CUDA, PROCESSOR);

        assertThat(gpus(Choice.VULKAN, present)).containsExactly(CARD);
        assertThat(gpus(Choice.CUDA, present)).containsExactly(CUDA);
    }

    @Test
    void cpuUsesNoGpuAndAutoUsesThatOfTheMac() throws Exception {
        assertThat(gpus(Choice.CPU, List.of(METAL, BLAS, PROCESSOR))).isEmpty();
        assertThat(gpus(Choice.AUTO, List.of(METAL, BLAS, PROCESSOR))).containsExactly(METAL);
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "CPU", "FOLDER"})
    void withoutAGpuModelsRunOnTheProcessor(Choice natives) throws Exception {
        DeviceChoice choice = DeviceChoice.of(natives, List.of(BLAS, PROCESSOR));

        assertThat(choice.gpus()).isEmpty();
        assertThat(choice.inWords()).isEqualTo("the processor; found: BLAS (Accelerate), CPU (Some CPU)");
    }

    @ParameterizedTest
    @CsvSource({"VULKAN, vulkan", "CUDA, cuda"})
    void missingGpuOfTheConfigurationIsRefusedInOneLine(Choice natives, String word) {
        assertThatThrownBy(() -> DeviceChoice.of(natives, List.of(METAL, PROCESSOR)))
                .isInstanceOf(LlamaUnavailableException.class)
                .hasMessage("llama.natives: " + word + " (expected: a GPU with a driver for it; found: MTL0 (Some Mac),"
                        + " CPU (Some CPU)); set llama.natives: auto to use the processor");
    }

    @Test
    void libraryListsTheProcessorOfThisMachine() throws Exception {
        LlamaLibrary library =
                NativeLlama.inFolder(TestedLibrary.V040.config().folder().orElseThrow(), Choice.CPU);

        assertThat(((LlamaV040) library.llama()).devices())
                .anyMatch(device -> device.type() == Device.PROCESSOR
                        && device.part().equals("CPU")
                        && device.pointer() != null
                        && !device.description().isBlank());
    }

    private static List<Device> gpus(Choice natives, List<Device> present) throws LlamaUnavailableException {
        return DeviceChoice.of(natives, present).gpus();
    }

    private static Device device(String name, String description, String part, int type) {
        return new Device(name, description, part, type, null);
    }
}
