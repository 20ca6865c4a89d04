package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.util.Optional;

/**
 * The management port: metrics and health.
 *
 * @param port 0 … 65535; 0 is any free port
 * @param tls empty for plain text
 */
public record ManagementConfig(String host, int port, Optional<TlsConfig> tls) {

    static ManagementConfig read(Section section) {
        return new ManagementConfig(
                section.required("host", Rule.word()),
                section.required("port", HttpConfig.PORT),
                TlsConfig.read(section.section("tls")));
    }
}
