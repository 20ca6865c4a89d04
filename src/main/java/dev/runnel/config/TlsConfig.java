package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * TLS of one port.
 *
 * @param certificateFile PEM: the port's own certificate first, then the certificates that signed it
 * @param keyFile PEM: the private key of the first certificate, not encrypted
 * @param refresh how often the files are checked for changes
 */
public record TlsConfig(Path certificateFile, Path keyFile, Duration refresh) {

    /** Empty if neither file is set. */
    static Optional<TlsConfig> read(Section section) {
        Optional<Path> certificate = section.optional("certificateFile", Rule.path());
        Optional<Path> key = section.optional("keyFile", Rule.path());
        Duration refresh = section.required("refresh", Rule.duration(Duration.ofMillis(10), Duration.ofDays(1)));
        if (certificate.isPresent() != key.isPresent()) {
            String missing = key.isPresent() ? "certificateFile" : "keyFile";
            section.complain(missing, "nothing", "a file's path, because the other file of the pair is set");
        }
        return certificate.flatMap(file -> key.map(itsKey -> new TlsConfig(file, itsKey, refresh)));
    }
}
