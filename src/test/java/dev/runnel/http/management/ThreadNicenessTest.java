package dev.runnel.http.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.condition.OS.LINUX;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;

@EnabledOnOs(LINUX)
class ThreadNicenessTest {

    /** Field 19; field 2 is the name of the thread, in parentheses, and may contain spaces. */
    private static final Pattern NICENESS = Pattern.compile("\\)(?: \\S+){16} (-?\\d+) [^)]*$");

    private static int niceness() throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        Matcher matcher = NICENESS.matcher(stat);
        assertThat(matcher.find()).as(stat).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    @Test
    void callingThreadIsNicerByTenAndNoOtherThreadIs() throws Exception {
        int before = niceness();
        var after = new CompletableFuture<Integer>();
        new Thread(() -> {
                    try {
                        ThreadNiceness.lowerThisThread();
                        after.complete(niceness());
                    } catch (Exception e) {
                        after.completeExceptionally(e);
                    }
                })
                .start();

        assertThat(after.get(20, TimeUnit.SECONDS)).isEqualTo(before + 10);
        assertThat(niceness()).isEqualTo(before);
    }
}
