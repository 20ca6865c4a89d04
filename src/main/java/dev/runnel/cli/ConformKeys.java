package dev.runnel.cli;

import dev.runnel.conformance.session.KeyRole;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for further keys. */
final class ConformKeys {

    @Option(names = "--second-key", paramLabel = "KEY", description = "Another key of the same caller.")
    private @Nullable String second;

    @Option(names = "--other-key", paramLabel = "KEY", description = "A key of another caller.")
    private @Nullable String other;

    @Option(names = "--observe-key", paramLabel = "KEY", description = "A key without the scope generate.")
    private @Nullable String observe;

    @Option(names = "--generate-key", paramLabel = "KEY", description = "A key without the scope observe.")
    private @Nullable String generate;

    @Option(
            names = "--limited-key",
            paramLabel = "KEY",
            description = "A key with few requests and tokens per minute; the cases use them up.")
    private @Nullable String limited;

    @Option(names = "--concurrent-key", paramLabel = "KEY", description = "A key with few generations at once.")
    private @Nullable String concurrent;

    @Option(
            names = "--narrow-key",
            paramLabel = "KEY",
            description = "A key whose plan has fewer models and a lower maxTokens.")
    private @Nullable String narrow;

    @Option(names = "--expired-key", paramLabel = "KEY", description = "A key that has expired.")
    private @Nullable String expired;

    @Option(names = "--revoked-key", paramLabel = "KEY", description = "A key that was revoked.")
    private @Nullable String revoked;

    Map<KeyRole, String> roles() {
        Map<KeyRole, String> roles = new EnumMap<>(KeyRole.class);
        put(roles, KeyRole.SECOND, second);
        put(roles, KeyRole.OTHER, other);
        put(roles, KeyRole.OBSERVE, observe);
        put(roles, KeyRole.GENERATE, generate);
        put(roles, KeyRole.LIMITED, limited);
        put(roles, KeyRole.CONCURRENT, concurrent);
        put(roles, KeyRole.NARROW, narrow);
        put(roles, KeyRole.EXPIRED, expired);
        put(roles, KeyRole.REVOKED, revoked);
        return roles;
    }

    private static void put(Map<KeyRole, String> roles, KeyRole role, @Nullable String value) {
        if (value != null) {
            roles.put(role, value);
        }
    }
}
