package dev.runnel.auth;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key may be used for. A token contains the lower-case names, separated by spaces. */
public enum Scope {
    /** Start and cancel generations. */
    GENERATE,
    /** Read generations. */
    OBSERVE;

    public static final Set<Scope> ALL = Set.of(GENERATE, OBSERVE);

    /** The scopes that a {@code scope} claim names. Other issuers have further ones, which are ignored. */
    static Set<Scope> parse(String claim) {
        Set<String> names = Set.copyOf(Arrays.asList(claim.split(" ", -1)));
        return Arrays.stream(values())
                .filter(scope -> names.contains(scope.claimName()))
                .collect(Collectors.toUnmodifiableSet());
    }

    static String format(Collection<Scope> scopes) {
        return scopes.isEmpty()
                ? ""
                : EnumSet.copyOf(scopes).stream().map(Scope::claimName).collect(Collectors.joining(" "));
    }

    /** The name in a token. */
    public String claimName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
