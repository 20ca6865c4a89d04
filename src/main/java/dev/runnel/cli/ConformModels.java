package dev.runnel.cli;

import dev.runnel.conformance.session.ModelRole;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for models. */
final class ConformModels {

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "The model of ordinary cases; default: the server's default.")
    private @Nullable String text;

    @Option(
            names = "--unicode-model",
            paramLabel = "NAME",
            description = "One whose text has characters of several bytes.")
    private @Nullable String unicode;

    @Option(names = "--slow-model", paramLabel = "NAME", description = "One that generates for several seconds.")
    private @Nullable String slow;

    @Option(
            names = "--silent-model",
            paramLabel = "NAME",
            description = "One whose first token comes after the timeout.")
    private @Nullable String silent;

    @Option(
            names = "--single-model",
            paramLabel = "NAME",
            description = "One that runs one generation at a time, for several seconds.")
    private @Nullable String single;

    @Option(names = "--failing-model", paramLabel = "NAME", description = "One that fails after some text.")
    private @Nullable String failing;

    @Option(names = "--dead-model", paramLabel = "NAME", description = "One that fails before its first token.")
    private @Nullable String dead;

    Map<ModelRole, String> roles() {
        Map<ModelRole, String> roles = new EnumMap<>(ModelRole.class);
        put(roles, ModelRole.TEXT, text);
        put(roles, ModelRole.UNICODE, unicode);
        put(roles, ModelRole.SLOW, slow);
        put(roles, ModelRole.SILENT, silent);
        put(roles, ModelRole.SINGLE, single);
        put(roles, ModelRole.FAILING, failing);
        put(roles, ModelRole.DEAD, dead);
        return roles;
    }

    private static void put(Map<ModelRole, String> roles, ModelRole role, @Nullable String value) {
        if (value != null) {
            roles.put(role, value);
        }
    }
}
