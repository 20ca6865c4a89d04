package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which pages of browsers may use the API.
 *
 * @param origins as browsers send them in {@code Origin}; {@code *} is every origin; empty turns CORS off
 */
public record CorsConfig(Set<String> origins) {

    private static final String ANY = "*";
    private static final List<String> DEFAULT_PORTS = List.of("http:80", "https:443");
    private static final Rule<String> ORIGIN = new Rule<>(
            "* or an origin as browsers send it, such as https://chat.example.com",
            ANY,
            text -> Optional.of(text).filter(CorsConfig::isOrigin),
            false);

    public CorsConfig {
        origins = Set.copyOf(origins);
    }

    static CorsConfig read(Section section) {
        return new CorsConfig(Set.copyOf(section.values("origins", ORIGIN)));
    }

    /** Whether a page of this origin may read answers. */
    public boolean allows(String origin) {
        return origins.contains(origin) || origins.contains(ANY);
    }

    /** Whether any page of another origin may read answers. */
    public boolean isOn() {
        return !origins.isEmpty();
    }

    /** Origins are compared as text, so one that no browser sends would match nothing. */
    private static boolean isOrigin(String text) {
        if (text.equals(ANY)) {
            return true;
        }
        try {
            URI url = new URI(text);
            return url.getHost() != null
                    && text.equals(text.toLowerCase(Locale.ROOT))
                    && text.equals(url.getScheme() + "://" + url.getHost() + port(url))
                    && !DEFAULT_PORTS.contains(url.getScheme() + port(url));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String port(URI url) {
        return url.getPort() < 0 ? "" : ":" + url.getPort();
    }
}
