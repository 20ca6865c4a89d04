package dev.runnel.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What all tests of this build made the service log, at every level of ours. */
class LogIT {

    /** A signed token: three parts, of which the first begins as the JSON of its header does. */
    private static final Pattern KEY = Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]+\\.");

    @Test
    void noKeyPromptOrGeneratedTextIsInTheLogOfAnyTest() throws IOException {
        String log = Files.readString(Path.of("target", "test.log"));

        assertThat(log).contains(" WARN ", " DEBUG ");
        assertThat(KEY.matcher(log).find()).as("a key in target/test.log").isFalse();
        assertThat(log.contains("Tell me a story") || log.contains("Once upon a time"))
                .as("a prompt or a generated text in target/test.log")
                .isFalse();
    }
}
