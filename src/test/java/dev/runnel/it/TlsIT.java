package dev.runnel.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.Ports;
import dev.runnel.pem.MadeCertificate;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ports of the packaged service with TLS. */
class TlsIT {

    private static final String CONFIG = """
        http: { host: %s, port: 0 %s }
        management: { port: 0 %s }
        defaultModel: scripted
        models: [ { name: scripted, engine: scripted } ]
        """;
    private static final String TLS = ", tls: { certificateFile: certificate.pem, keyFile: key.pem }";

    @TempDir
    Path data;

    private JarProcess serve(String host, String http, String management) throws Exception {
        Path config = Files.writeString(data.resolve("tls.yaml"), CONFIG.formatted(host, http, management));
        return JarProcess.serve(RunningService.environment(data), "--config", config.toString());
    }

    private MadeCertificate writeCertificate() throws Exception {
        MadeCertificate certificate = MadeCertificate.of("runnel", "EC");
        Files.writeString(data.resolve("certificate.pem"), certificate.certificatePem());
        Files.writeString(data.resolve("key.pem"), certificate.keyPem());
        return certificate;
    }

    @Test
    void bothPortsUseTlsAndTheAddressesSaySo() throws Exception {
        MadeCertificate certificate = writeCertificate();

        try (JarProcess process = serve("127.0.0.1", TLS, TLS)) {
            Ports ports = process.awaitPorts();
            HttpClient client =
                    HttpClient.newBuilder().sslContext(certificate.trusting()).build();
            for (String path :
                    new String[] {":" + ports.http() + "/v1/models", ":" + ports.management() + "/metrics"}) {
                HttpResponse<String> answer = client.send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1" + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.statusCode()).isEqualTo(path.endsWith("metrics") ? 200 : 401);
            }
            assertThat(process.out())
                    .contains(
                            "ready on https://127.0.0.1:" + ports.http(),
                            "health: https://127.0.0.1:" + ports.management());
            assertThat(process.err()).doesNotContain("can read keys");
            assertThat(process.terminate()).isZero();
        }
    }

    /** Vert.x quotes the first bytes that are no HTTP/2. */
    @Test
    void bytesOfAClientWithoutHttp2StandInNoLine() throws Exception {
        MadeCertificate certificate = writeCertificate();
        try (JarProcess process = serve("127.0.0.1", TLS, TLS)) {
            Ports ports = process.awaitPorts();
            for (int port : new int[] {ports.http(), ports.management()}) {
                for (String bytes : new String[] {"POST /secret HTTP/1.1\r\n\r\n", "secret secret secret secret"}) {
                    sayInHttp2(certificate, port, bytes);
                }
            }
            assertThat(process.terminate()).isZero();
            assertThat(process.err())
                    .doesNotContain("secret", HexFormat.of().formatHex("secret".getBytes(US_ASCII)), "ERROR");
        }
    }

    private static void sayInHttp2(MadeCertificate certificate, int port, String bytes) throws IOException {
        try (SSLSocket socket = (SSLSocket)
                certificate.trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes.getBytes(US_ASCII));
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Vert.x compresses the body after a head that says so. */
    @Test
    void continueOverHttp2NamesNoCoding() throws Exception {
        Needed.program("curl with HTTP/2", "bash", "-c", "curl --version | grep -q HTTP2");
        writeCertificate();
        try (JarProcess process = serve("127.0.0.1", TLS, "")) {
            String key;
            try (JarProcess issue = JarProcess.run(
                    RunningService.environment(data),
                    "key",
                    "issue",
                    "--subject",
                    "ada",
                    "--config",
                    data.resolve("tls.yaml").toString())) {
                assertThat(issue.exitStatus()).as(issue.err()).isZero();
                key = issue.out().strip();
            }
            String url = "https://127.0.0.1:" + process.awaitPorts().http() + "/v1/generate";
            String heads = curl("--http2 -D - -o /dev/null -H 'Expect: 100-continue' -H 'Accept-Encoding: gzip'"
                    + " -H 'Content-Type: application/json' -H 'Authorization: Bearer " + key + "'"
                    + " -d '{\"prompt\":\"x\"}' " + url);

            assertThat(heads).contains("HTTP/2 100", "HTTP/2 200", "content-encoding: gzip");
            assertThat(heads.substring(0, heads.indexOf("HTTP/2 200"))).doesNotContain("content-encoding");
        }
    }

    private static String curl(String arguments) throws Exception {
        Process curl = new ProcessBuilder("bash", "-c", "curl -sk " + arguments).start();
        String output = new String(curl.getInputStream().readAllBytes(), US_ASCII);
        assertThat(curl.waitFor()).isZero();
        return output;
    }

    @Test
    void filesThatCannotBeUsedEndTheStartWithOneLine() throws Exception {
        writeCertificate();
        Files.delete(data.resolve("key.pem"));

        try (JarProcess process = serve("127.0.0.1", TLS, "")) {
            assertThat(process.exitStatus()).isEqualTo(1);
            assertThat(process.err().lines())
                    .containsExactly(
                            "http.tls.keyFile: " + data.resolve("key.pem") + " (expected: a file that can be read)");
        }
    }

    @Test
    void hostThatOthersReachWithoutTlsIsAWarning() throws Exception {
        try (JarProcess process = serve("0.0.0.0", "", "")) {
            process.awaitPorts();

            assertThat(process.err().lines().filter(line -> line.contains("keys and texts are not encrypted")))
                    .singleElement()
                    .asString()
                    .contains("WARN", "http.host: 0.0.0.0 without http.tls");
        }
    }
}
