package dev.runnel.warmup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate of the loopback address that signs itself, made by the JVM's {@code keytool}. */
final class TrainingCertificate {

    static final String CERTIFICATE_FILE = "certificate.pem";
    static final String KEY_FILE = "key.pem";

    private static final String NAME = "training";

    /** Of a file that exists for a second. */
    private static final String PASSWORD = "training";

    private static final int LINE = 64;

    private TrainingCertificate() {}

    /** Writes both files into the folder. */
    static void writeTo(Path folder) throws IOException, InterruptedException, AotTrainingException {
        Path store = folder.resolve("keys.p12");
        Path log = folder.resolve("keytool.log");
        Process keytool = new ProcessBuilder(command(store))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (keytool.waitFor() != 0) {
            throw new AotTrainingException(
                    "keytool: " + Files.readString(log).strip().replace('\n', ' '));
        }
        try {
            KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            write(
                    folder.resolve(CERTIFICATE_FILE),
                    "CERTIFICATE",
                    keys.getCertificate(NAME).getEncoded());
            write(
                    folder.resolve(KEY_FILE),
                    "PRIVATE KEY",
                    keys.getKey(NAME, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new AotTrainingException("the certificate of the training: " + e.getMessage());
        }
    }

    private static List<String> command(Path store) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                NAME,
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storepass",
                PASSWORD);
    }

    private static void write(Path file, String kind, byte[] content) throws IOException {
        byte[] lineEnd = "\n".getBytes(StandardCharsets.US_ASCII);
        String base64 = Base64.getMimeEncoder(LINE, lineEnd).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n");
    }
}
