package dev.runnel.config;

import dev.runnel.config.tree.Rule;
import dev.runnel.config.tree.Section;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Mutual TLS of the event bus between nodes. Every node has a certificate of the same authority.
 *
 * @param certificateFile PEM: the node's own certificate first, then the certificates that signed it
 * @param keyFile PEM: the private key of the first certificate, not encrypted
 * @param trustFile PEM: the certificates of the authority; no other is trusted
 */
public record ClusterTlsConfig(Path certificateFile, Path keyFile, Path trustFile) {

    private static final List<String> FILES = List.of("certificateFile", "keyFile", "trustFile");

    /** Empty if no file is set. */
    static Optional<ClusterTlsConfig> read(Section section) {
        Optional<Path> certificate = section.optional("certificateFile", Rule.path());
        Optional<Path> key = section.optional("keyFile", Rule.path());
        Optional<Path> trust = section.optional("trustFile", Rule.path());
        boolean hasAny = FILES.stream().anyMatch(section::has);
        FILES.stream()
                .filter(file -> hasAny && !section.has(file))
                .forEach(file ->
                        section.complain(file, "nothing", "a file's path, because another file of cluster.tls is set"));
        return certificate.flatMap(
                own -> key.flatMap(itsKey -> trust.map(trusted -> new ClusterTlsConfig(own, itsKey, trusted))));
    }
}
