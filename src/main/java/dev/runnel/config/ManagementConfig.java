package dev.runnel.config;

/**
 * The management port: metrics and health.
 *
 * @param port 0 … 65535; 0 is any free port
 */
public record ManagementConfig(String host, int port) {

    static ManagementConfig read(Section section) {
        return new ManagementConfig(section.required("host", Rule.word()), section.required("port", HttpConfig.PORT));
    }
}
